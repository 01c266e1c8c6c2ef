export { headerSnippets, type HeaderSnippet } from './headers.ts'
export { markHtml, type WebMarkRequest } from './markHtml.ts'
export { readHtml, type HtmlDisclosure, type WebFinding } from './readHtml.ts'
export {
  mayHoldWrapper,
  readTextManifest,
  wrapTextManifest,
  wrapperLength,
  type TextManifest,
  type WrappedText,
} from './textManifest.ts'
