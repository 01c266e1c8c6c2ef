import type { Mailer } from './sendCase.ts'

const TIMEOUT_MS = 20_000

/** Mail through a server, by its address (`smtp://user:password@host:587`). The address is a secret: it is told nobody. */
export function smtpMailer(url: string, from: string): Mailer {
  return async ({ to, replyTo, subject, text, attachments }) => {
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
          headers: { 'auto-submitted': 'no' },
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
