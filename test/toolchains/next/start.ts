import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { freePort } from '../../support/ports.ts'

export interface NextServer extends AsyncDisposable {
  url: string
}

export const next: string = createRequire(import.meta.url).resolve('next/dist/bin/next')

/** Serves a built app on loopback, on a free port. */
export function startNext(project: string): Promise<NextServer> {
  return start([next, 'start', '--hostname', '127.0.0.1', '--port', '0'], project)
}

/** Serves it by the server that `output: 'standalone'` writes. */
export async function startStandalone(dir: string): Promise<NextServer> {
  return start(['server.js'], dir, { HOSTNAME: '127.0.0.1', PORT: String(await freePort()) })
}

async function start(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<NextServer> {
  const server = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(server, 'close')
  const stop = async () => {
    server.kill()
    await closed
  }
  let url: string | undefined
  for await (const line of createInterface(server.stdout)) {
    url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url && line.includes('Ready')) {
      server.stdout.resume()
      return { url, [Symbol.asyncDispose]: stop }
    }
  }
  await closed
  throw new Error(`next start ended with exit code ${server.exitCode} before it was ready`)
}
