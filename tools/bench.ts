/** `npm run bench -- NAME`: prints a table of our figure, the peer's in the same run, the ratio and the input. */
const BENCHES: Record<string, () => Promise<{ bench(): Promise<void> }>> = {
  browser: () => import('./bench/browser.ts'),
  levy: () => import('./bench/levy.ts'),
  log: () => import('./bench/log.ts'),
  collections: () => import('./bench/collections.ts'),
  contracts: () => import('./bench/contracts.ts'),
  fingerprints: () => import('./bench/fingerprints.ts'),
  gate: () => import('./bench/gate.ts'),
  languages: () => import('./bench/languages.ts'),
  indicators: () => import('./bench/indicators.ts'),
  http: () => import('./bench/http.ts'),
  marking: () => import('./bench/marking.ts'),
  watermark: () => import('./bench/watermark.ts'),
  payments: () => import('./bench/payments.ts'),
  rights: () => import('./bench/rights.ts'),
  robustness: () => import('./bench/robustness.ts'),
  similarity: () => import('./bench/similarity.ts'),
  watch: () => import('./bench/watch.ts'),
}

const [name = ''] = process.argv.slice(2)
const load = BENCHES[name]
if (!load) {
  console.error(`npm run bench -- NAME, with one of: ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
await (await load()).bench()
