export { headerSnippets, type HeaderSnippet } from './headers.ts'
export { markHtml, type WebMarkRequest } from './markHtml.ts'
export { readHtml, type HtmlDisclosure, type WebFinding } from './readHtml.ts'
export { readTextManifest, wrapTextManifest, type TextManifest, type WrappedText } from './textManifest.ts'
