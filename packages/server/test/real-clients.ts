import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The unmodified clients, run as people run them. */

const require = createRequire(import.meta.url)
const clients = createRequire(join(import.meta.dirname, '../../../test/toolchains/clients/package.json'))

export type Client = 'sentry-cli-2' | 'sentry-cli-3' | 'sentry'

const programs: Record<Client, () => [file: string, ...args: string[]]> = {
  'sentry-cli-2': () => [platformBinary('sentry-cli-2')],
  'sentry-cli-3': () => [platformBinary('sentry-cli-3')],
  sentry: () => [process.execPath, join(dirname(clients.resolve('sentry')), 'bin.cjs')],
}

export interface Outcome {
  code: number
  /** Both streams. */
  text: string
}

/** @param env beside PATH; nothing else of this process's environment gets through */
export function runClient(
  client: Client,
  args: string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Outcome> {
  const [file, ...first] = programs[client]()
  const options = { cwd, env: { PATH: process.env.PATH ?? '', HOME: cwd, NO_COLOR: '1', ...env }, timeout: 100_000 }
  return new Promise(done => {
    execFile(file, [...first, ...args], options, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code ?? 1) : 0, text: `${stdout}${stderr}` })
    })
  })
}

/** In the platform's package, which may be beside the client's or inside of it. */
function platformBinary(name: string): string {
  const platform = `@sentry/cli-${process.platform}-${process.arch}/package.json`
  return join(dirname(createRequire(require.resolve(`${name}/package.json`)).resolve(platform)), 'bin/sentry-cli')
}
