export {
  nodeTrustAnchors,
  openNodeCertificates,
  openTimeAuthority,
  readManifests,
  stampBytes,
  verifyTimeStamp,
  type C2paReport,
  type Signer,
  type TimeAuthority,
  type TimeStampVerdict,
} from './c2pa/index.ts'
export { markFormats, type MarkFormat } from './formats.ts'
export type { Finding, Verdict } from './judge.ts'
export { markFile, type MarkRequest, type MarkResult } from './mark.ts'
export { sniffFormat } from './sniffFormat.ts'
export {
  conclude,
  examineFile,
  findWorks,
  verifyFile,
  withoutMarkup,
  type ExaminedFile,
  type FileReport,
  type RegisteredWork,
  type RegisterLookup,
} from './verifyFile.ts'
export { readWatermarkModel, type WatermarkModel } from './watermarkModel/index.ts'
export type { Word } from './words.ts'
export { MARKED_LIST, markMany, type MarkedLine } from './markMany.ts'
export type { MarkJob } from './markWorker.ts'
export { openCertificates, type Certificates } from './certificates.ts'
export {
  headerSnippets,
  markHtml,
  readHtml,
  readTextManifest,
  wrapTextManifest,
  type HeaderSnippet,
  type HtmlDisclosure,
  type TextManifest,
  type WebFinding,
  type WebMarkRequest,
  type WrappedText,
} from './web/index.ts'
