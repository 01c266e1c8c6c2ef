import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const [FONT, BOLD] = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
  require.resolve(`dejavu-fonts-ttf/ttf/${name}`),
) as [string, string]

/** What stands in a document, from top to bottom. */
export type PdfBlock =
  | { heading: string; level: 1 | 2 | 3 }
  | { text: string }
  /** What the text below is about. */
  | { term: string }
  /** What is said beside: sources, how something is known. */
  | { note: string }
  | { quote: string }
  /** JPEG or PNG, and in words what it shows. */
  | { picture: Uint8Array; alternative: string }

const PICTURE_SIDE = 200
const HEADING_SIZES = { 1: 17, 2: 14, 3: 12 }

/** A tagged PDF with headings, in an embedded font that covers the alphabets of Europe. */
export async function writePdf(
  { title, language, at }: { title: string; language: string; at: string },
  blocks: readonly PdfBlock[],
): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit')
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 60,
    pdfVersion: '1.7',
    tagged: true,
    lang: language,
    displayTitle: true,
    info: { Title: title, CreationDate: new Date(at), ModDate: new Date(at) },
  })
  const chunks: Uint8Array[] = []
  const done = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    pdf.on('error', reject)
  })
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  const write = (tag: string, text: string, size: number, font = FONT) => {
    root.add(
      pdf.struct(tag, {}, () => {
        pdf.font(font).fontSize(size).text(text, { lineGap: 3 })
      }),
    )
    pdf.moveDown(0.5)
  }
  for (const block of blocks) {
    if ('heading' in block) write(`H${block.level}`, block.heading, HEADING_SIZES[block.level], BOLD)
    else if ('text' in block) write('P', block.text, 10)
    else if ('term' in block) write('P', block.term, 10, BOLD)
    else if ('note' in block) write('P', block.note, 8.5)
    else if ('quote' in block) write('BlockQuote', block.quote, 10)
    else {
      root.add(
        pdf.struct('Figure', { alt: block.alternative }, () => {
          pdf.image(Buffer.from(block.picture), { fit: [PICTURE_SIDE, PICTURE_SIDE] })
        }),
      )
      write('Caption', block.alternative, 9)
    }
  }
  root.end()
  pdf.end()
  return done
}
