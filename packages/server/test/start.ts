import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createLog, createServer, type RunningServer, type ServerOptions } from '../src/index.ts'

export interface TestServer extends RunningServer, AsyncDisposable {
  /** Its vault's folder. */
  dir: string
  /** Lines of its log. */
  log: string[]
  /** Waits until the server may look at its vault again, which it does at most once a second. */
  looksAgain(): Promise<void>
}

/** A server on a free port with a vault of its own; disposing it closes both. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const dir = await mkdtemp(join(tmpdir(), 'mapseal-server-test-'))
  const log: string[] = []
  const server = await createServer({ port: 0, vault: dir, log: createLog(line => log.push(line), 'json'), ...options })
  return {
    ...server,
    dir,
    log,
    looksAgain: () => setTimeout(1000),
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(dir, { recursive: true })
    },
  }
}
