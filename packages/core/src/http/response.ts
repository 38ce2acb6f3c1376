import { HttpError } from '../errors.ts'
import type { RawResponse } from './client.ts'
import type { Exchange } from './errors.ts'
import { oneLine, type Redact } from './redact.ts'
import type { HttpResponse } from './types.ts'

/** What destinations get. */
export function responseOf(
  { status, header, body }: RawResponse,
  exchange: Pick<Exchange, 'label' | 'redact'>,
): HttpResponse {
  const text = body.toString('utf8')
  return {
    status,
    header,
    text,
    json() {
      try {
        return JSON.parse(text) as unknown
      } catch {
        // The parser's message quotes the text; ours does, redacted.
        const what = notJson(text, header('content-type'), exchange.redact)
        throw new HttpError(`${exchange.label()} answered ${status} with ${what}`, { status })
      }
    },
  }
}

function notJson(text: string, type: string | undefined, redact: Redact): string {
  if (!text.trim()) return 'nothing where JSON was expected. Check that its URL is that of the API.'
  const what = `${type ? oneLine(type, redact, 60) : 'no content type'}: ${oneLine(text, redact, 80)}`
  if (isHtml(type, text)) {
    return (
      `an HTML page where JSON was expected (${what}): a proxy's, or that of a login. ` +
      'Check the URL, HTTPS_PROXY and NO_PROXY.'
    )
  }
  return `a body that is not JSON (${what}). If it breaks off, try again; else check that its URL is that of the API.`
}

/** The server's own message on what went wrong, for people: redacted, on one line, bounded. Empty when it has none. */
export function serverMessage({ header, body }: RawResponse, redact: Redact): string {
  const text = body.subarray(0, 64 * 1024).toString('utf8')
  const type = header('content-type')
  if (isHtml(type, text)) {
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]
    return title?.trim() ? `an HTML page, “${oneLine(title, redact, 80)}”` : 'an HTML page'
  }
  return oneLine(jsonMessage(text) ?? text, redact, 300)
}

function jsonMessage(text: string): string | undefined {
  try {
    return messageIn(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The first text among `detail`, `error`, `errors` and their kin, which may be nested. */
function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() || undefined
  if (Array.isArray(value)) return value.map(messageIn).filter(Boolean).slice(0, 5).join('; ') || undefined
  if (typeof value !== 'object' || value === null) return undefined
  const fields = value as Record<string, unknown>
  return ['detail', 'error', 'errors', 'message', 'title'].map(key => messageIn(fields[key])).find(Boolean)
}

function isHtml(type: string | undefined, text: string): boolean {
  return /\bhtml\b/i.test(type ?? '') || /^\s*<(?:!doctype html|html)/i.test(text)
}
