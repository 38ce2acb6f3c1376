import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

export interface NextServer extends AsyncDisposable {
  url: string
}

export const next: string = createRequire(import.meta.url).resolve('next/dist/bin/next')

/** Serves a built app on loopback, on a free port. */
export async function startNext(project: string): Promise<NextServer> {
  const server = spawn(process.execPath, [next, 'start', '--hostname', '127.0.0.1', '--port', '0'], {
    cwd: project,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
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
