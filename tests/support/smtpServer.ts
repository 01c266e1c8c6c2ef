import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A mail server that keeps what it is given, and refuses whoever `refuses` names. */
export async function startSmtpServer(refuses: (recipient: string) => boolean = () => false) {
  const mails: string[] = []
  const server = createServer((socket) => converse(socket, mails, refuses)).listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const { port } = server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, mails, stop: () => server.close() }
}

function converse(socket: Socket, mails: string[], refuses: (recipient: string) => boolean): void {
  let text = ''
  let isData = false
  const say = (line: string) => socket.write(`${line}\r\n`)
  say('220 test ESMTP')
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    for (;;) {
      const ending = isData ? '\r\n.\r\n' : '\r\n'
      const end = text.indexOf(ending)
      if (end < 0) return
      const line = text.slice(0, end)
      text = text.slice(end + ending.length)
      if (isData) {
        mails.push(line)
        isData = false
        say('250 kept')
      } else if (/^DATA/i.test(line)) {
        isData = true
        say('354 go on')
      } else if (/^RCPT/i.test(line)) say(refuses(line) ? '550 no such mailbox' : '250 ok')
      else if (/^QUIT/i.test(line)) {
        say('221 bye')
        socket.end()
      } else say('250 ok')
    }
  })
}
