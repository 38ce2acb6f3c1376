/** A stream that text goes to, or the bytes of a log. */
export interface Output {
  write(text: string | Uint8Array): unknown
  isTTY?: boolean
}

/** Everything a command touches of the process it runs in. */
export interface Io {
  stdout: Output
  stderr: Output
  stdin: AsyncIterable<Uint8Array | string> & { isTTY?: boolean }
  env: NodeJS.ProcessEnv
  cwd: string
  /** Resolves when the process is signalled to end: Ctrl-C or SIGTERM. A second signal ends it at once. */
  untilStopped(): Promise<void>
}

export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process
  for (const stream of [stdout, stderr]) stream.on('error', passOverClosed)
  return { stdout, stderr, stdin, env, cwd: process.cwd(), untilStopped }
}

/** A reader may stop before the end, as `head` does: the command does its work all the same. */
function passOverClosed(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'EPIPE') throw cause
}

function untilStopped(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM'] as const
  return new Promise(done => {
    const stop = () => {
      for (const signal of signals) process.off(signal, stop)
      done()
    }
    for (const signal of signals) process.on(signal, stop)
  })
}

export async function readAll(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  const bytes = Buffer.concat(chunks)
  // What PowerShell redirects into a file.
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return bytes.toString(isUtf16 ? 'utf16le' : 'utf8')
}
