import { main } from '../src/main.ts'

export interface Outcome {
  code: number
  stdout: string
  stderr: string
}

/** Runs a command in memory. */
export async function run(
  args: string[],
  {
    cwd = '/',
    stdin = '',
    env = {},
    isTTY = false,
  }: { cwd?: string; stdin?: string; env?: NodeJS.ProcessEnv; isTTY?: boolean } = {},
): Promise<Outcome> {
  const written = { stdout: [] as string[], stderr: [] as string[] }
  async function* input() {
    yield Buffer.from(stdin)
  }
  const code = await main(args, {
    stdout: { write: text => written.stdout.push(Buffer.from(text).toString()), isTTY },
    stderr: { write: text => written.stderr.push(Buffer.from(text).toString()), isTTY },
    stdin: input(),
    env,
    cwd,
    untilStopped: async () => {},
  })
  return { code, stdout: written.stdout.join(''), stderr: written.stderr.join('') }
}
