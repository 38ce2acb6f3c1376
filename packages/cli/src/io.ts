/** A stream that text goes to. */
export interface Output {
  write(text: string): unknown
  isTTY?: boolean
}

/** Everything a command touches of the process it runs in. */
export interface Io {
  stdout: Output
  stderr: Output
  stdin: AsyncIterable<Uint8Array | string> & { isTTY?: boolean }
  env: NodeJS.ProcessEnv
  cwd: string
}

export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process
  return { stdout, stderr, stdin, env, cwd: process.cwd() }
}

export async function readAll(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}
