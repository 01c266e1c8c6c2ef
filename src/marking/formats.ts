/** Formats of files that can be marked, by how they are told apart. */
export const markFormats = [
  'jpeg',
  'png',
  'webp',
  'tiff',
  'avif',
  'gif',
  'svg',
  'pdf',
  'mp4',
  'mov',
  'm4a',
  'mp3',
  'wav',
  'flac',
  'epub',
  'docx',
  'odt',
] as const
export type MarkFormat = (typeof markFormats)[number]
