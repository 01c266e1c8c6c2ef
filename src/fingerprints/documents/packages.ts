import type { DocumentLibraries } from './libraries.ts'

/** The libraries as the server has them. */
export const packages: DocumentLibraries = {
  fflate: () => import('fflate'),
  htmlparser2: () => import('htmlparser2'),
  pdfjs: () => import('unpdf/pdfjs'),
}
