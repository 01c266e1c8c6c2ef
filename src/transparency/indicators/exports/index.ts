export type { IndicatorRelease } from './release.ts'
export { toJsonStat } from './jsonStat.ts'

export { toSdmxCsv } from './sdmxCsv.ts'
export { toPage } from './page/page.ts'
