import { gunzipSync } from 'node:zlib'
import { type Redact, redactor, secretsOf } from '../http/redact.ts'
import type { Fetch, HttpRequest } from '../http/types.ts'
import type { BuildRecord, Logger, Vault } from '../types.ts'
import type { Destination } from './destination.ts'
import { lackingFiles } from './held.ts'
import { previewUrls } from './match.ts'
import { pendingDestinations } from './pending.ts'
import { type Urls, urlsContext } from './urls.ts'

export interface DryRunOptions {
  vault: Vault
  destinations: Destination[]
  logger: Logger
  signal: AbortSignal
  urls?: Urls | undefined
}

/**
 * Prints what a delivery of a build would send, to each destination that has not got it, one after another. Nothing is sent, and the
 * deliveries stay pending. @throws what the destinations throw
 */
export async function dryRunBuild(build: BuildRecord, options: DryRunOptions): Promise<void> {
  const { vault, destinations, urls, ...context } = options
  const pending = pendingDestinations(build)
  for (const destination of destinations) {
    const { name, isSnippetOnly } = destination
    if (isSnippetOnly || !pending.includes(name)) continue
    const print = (text: string) => context.logger.info(text.replace(/^/gm, `[${name}] `))
    const [preview = {}] = Object.values(previewUrls(build, [destination], urls))
    for (const [path, patterns] of Object.entries(preview)) print(`${path} is for frames of ${patterns.join(', ')}\n`)
    const part = { ...build, files: lackingFiles(build.files, build.deliveries[name]?.held ?? []) }
    await destination.deliver(part, vault.artifacts(part), {
      ...context,
      fetch: dryFetch(print),
      isDryRun: true,
      ...urlsContext(urls),
    })
  }
}

/** Prints each request, and answers it as a server does when all is well. */
function dryFetch(print: (text: string) => void): Fetch {
  return async (address, request = {}) => {
    const { method = 'GET', headers = {}, secrets = [], sample = {} } = request
    const url = new URL(address)
    const redact = redactor([...secrets, ...secretsOf(url, headers)])
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    const body = bytesOf(request.body)
    const text = [`${method} ${address}`, ...lines].join('\n')
    print([redact(text), ...(body.length > 0 ? ['', shownBody(body, headers, redact)] : []), ''].join('\n'))
    return { status: 200, header: () => undefined, text: JSON.stringify(sample), json: () => sample }
  }
}

function bytesOf(body: HttpRequest['body']): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  if (typeof body === 'string') return Buffer.from(body)
  return 'byteLength' in body ? Buffer.from(body) : Buffer.concat([...body.pieces()])
}

/** A longer value is shown by its size alone, in characters. */
const longestValue = 2000

function shownBody(sent: Buffer, headers: Record<string, string>, redact: Redact): string {
  const header = (name: string) => Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? ''
  const body = header('content-encoding') === 'gzip' ? gunzipSync(sent) : sent
  const boundary = /^multipart\/.*boundary=(.+)/.exec(header('content-type'))?.[1]
  if (boundary === undefined) return shownBytes(body, redact)
  const parts = body.toString('latin1').split(`--${boundary}`).slice(1, -1)
  return parts
    .map(part => {
      const end = part.indexOf('\r\n\r\n')
      const head = Buffer.from(part.slice(2, end), 'latin1').toString().replaceAll('\r', '')
      const bytes = Buffer.from(part.slice(end + 4, -2), 'latin1')
      const isFile = /; filename=/.test(head) && !/; name="event"/.test(head)
      return `--${boundary}\n${redact(head)}\n\n${isFile ? size(bytes) : shownBytes(bytes, redact)}`
    })
    .join('\n')
}

function shownBytes(bytes: Buffer, redact: Redact): string {
  const text = bytes.toString()
  const isText = !text.includes('\ufffd') && !/[\0-\x08]/.test(text)
  return isText && text.length <= longestValue ? redact(text) : size(bytes)
}

function size({ length }: Buffer): string {
  return `(${length} bytes)`
}
