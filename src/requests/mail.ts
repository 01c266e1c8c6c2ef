import type { Mailer } from './sendCase.ts'

const TIMEOUT_MS = 20_000

/** Mail through a server, by its address (`smtp://user:password@host:587`). The address is a secret: it is told nobody. */
export function smtpMailer(url: string, from: string): Mailer {
  return async ({ to, replyTo, subject, text, attachments, unsubscribe }) => {
    const { createTransport } = await import('nodemailer')
    const transport = createTransport(url, { from })
    try {
      const sent = await withTimeout(
        transport.sendMail({
          to,
          subject,
          text,
          // Nothing is read from disk or fetched for a mail, whatever stands in it.
          disableFileAccess: true,
          disableUrlAccess: true,
          headers: headersOf(unsubscribe),
          ...(replyTo ? { replyTo } : {}),
          attachments: attachments.map(({ content, ...about }) => ({ ...about, content: Buffer.from(content) })),
        }),
      )
      return { messageId: sent.messageId }
    } finally {
      transport.close()
    }
  }
}

/** A letter is a person's; what a machine writes says so, and how it ends (RFC 3834, RFC 8058). */
function headersOf(unsubscribe: string | undefined): Record<string, string> {
  if (unsubscribe === undefined) return { 'auto-submitted': 'no' }
  return {
    'auto-submitted': 'auto-generated',
    'list-unsubscribe': `<${unsubscribe}>`,
    'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
  }
}

async function withTimeout<Result>(sending: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the mail server did not answer in time')), TIMEOUT_MS)
  })
  try {
    return await Promise.race([sending, late])
  } finally {
    clearTimeout(timer)
  }
}
