import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { DeliveryContext } from '@mapseal/core'
import { createFetch } from '@mapseal/core/http'
import type { SentryConfig } from '../src/sentry/api.ts'

export interface Recorded {
  /** Method and path, as in `PUT /api/0/…`. */
  call: string
  body: unknown
  headers: NodeJS.Dict<string | string[]>
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  json?: unknown
}

export const token = 'f00dfeedf00dfeedf00dfeedf00dfeed'

/** A server with canned answers by `METHOD path` that records its requests. */
export async function startRecorder(answers: Record<string, Answer> = {}): Promise<{
  recorded: Recorded[]
  answers: Record<string, Answer>
  config: SentryConfig
  context: DeliveryContext
  warnings: string[]
  stop(): Promise<void>
}> {
  const recorded: Recorded[] = []
  const warnings: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const call = `${request.method} ${request.url}`
    recorded.push({ call, body: text ? JSON.parse(text) : undefined, headers: request.headers })
    const { status = 200, headers, json = {} } = answers[call] ?? defaultAnswer(call)
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
    response.end(JSON.stringify(json))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { signal } = new AbortController()
  const client = createFetch({ signal, userAgent: 'mapseal/test', env: {} })
  return {
    recorded,
    answers,
    config: { url, org: 'acme', projects: ['web'], authToken: token },
    context: {
      fetch: client.fetch,
      signal,
      logger: { info: () => {}, warn: message => warnings.push(message), error: message => warnings.push(message) },
    },
    warnings,
    async stop() {
      await client.close()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** What sentry-cli needs to go on. */
function defaultAnswer(call: string): Answer {
  const release = { version: 'x', url: null, dateCreated: '2026-01-01T00:00:00Z', dateReleased: null, projects: [] }
  if (call.includes('/repos/')) return { json: [] }
  if (call.endsWith('/previous-with-commits/')) return { json: {} }
  if (call.endsWith('/deploys/')) return { status: 201, json: { id: '1', environment: 'staging' } }
  return { status: call.startsWith('POST') ? 201 : 200, json: release }
}

const binary = fileURLToPath(
  new URL(
    `../../../node_modules/sentry-cli-3/node_modules/@sentry/cli-${process.platform}-${process.arch}/bin/sentry-cli`,
    import.meta.url,
  ),
)

/** Runs the real sentry-cli without any configuration of its own. */
export async function sentryCli(args: string[], { url }: SentryConfig, cwd: string): Promise<void> {
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    SENTRY_URL: url,
    SENTRY_AUTH_TOKEN: token,
    SENTRY_ORG: 'acme',
    SENTRY_PROJECT: 'web',
    SENTRY_DISABLE_UPDATE_CHECK: '1',
    NO_PROXY: '127.0.0.1',
  }
  await promisify(execFile)(binary, args, { cwd, env, timeout: 100_000 })
}

/** What the real one reads from the `.sentryclirc` in a home folder. */
export async function sentryCliInfo(home: string): Promise<{ org: string }> {
  // A port that refuses: the settings are printed whether or not the server answers.
  const env = { PATH: process.env.PATH, HOME: home, SENTRY_URL: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' }
  const run = promisify(execFile)(binary, ['info', '--config-status-json'], { cwd: home, env, timeout: 100_000 })
  const { stdout } = await run.catch(failure => failure as { stdout: string })
  return JSON.parse(stdout).config
}
