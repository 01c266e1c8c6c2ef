import { toIso3 } from '../../src/languages/codes.ts'

export interface Peer {
  name: string
  /** ISO 639-3 as we write it, or what the peer says where that is no language of ours. */
  code(text: string): string | Promise<string>
}

/** Each of them knows one Kurdish, and calls it by the macrolanguage. */
const iso = (tag: string) => (toIso3(tag) ?? tag).replace('kur', 'kmr')

/** Other identifiers of languages that run without a download, each as its README says. */
export async function openPeers(): Promise<Peer[]> {
  const { getLIDModel } = await import('fasttext.wasm.js')
  const fastText = await getLIDModel()
  await fastText.load()
  const { loadModule } = await import('cld3-asm')
  const cld = (await loadModule()).create(0, 4000)
  const { franc } = (await import('franc-all')) as { franc: (text: string) => string }
  const { eld } = (await import('eld/large')) as { eld: { detect(text: string): { language: string } } }
  return [
    {
      name: 'fastText lid.176.ftz',
      code: async (text) => {
        const { alpha2, alpha3 } = (await fastText.identify(text)) as { alpha2?: string | null; alpha3?: string | null }
        return iso(alpha2 ?? alpha3 ?? 'und')
      },
    },
    { name: 'CLD3', code: (text) => iso(cld.findLanguage(text).language) },
    { name: 'franc-all', code: (text) => iso(franc(text)) },
    { name: 'eld large', code: (text) => iso(eld.detect(text).language || 'und') },
  ]
}
