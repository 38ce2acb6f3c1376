import { MapsealError, withClient } from '@mapseal/core'
import type { Symbolicated } from '@mapseal/core/symbolicate'
import { connectWith } from './client.ts'
import type { CommandInput } from './command.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'

/** A server's `POST /api/symbolicate` for a text. @throws MapsealError if it cannot be reached or is not a Mapseal server */
export async function symbolicateOn(
  server: string,
  body: { stack: string; debugIds: Record<string, string>; release?: string },
  { values }: CommandInput,
  io: Io,
): Promise<Symbolicated> {
  const token = values.token?.[0] ?? io.env.MAPSEAL_SERVER_TOKEN
  const url = addressOf(server)
  const answer = await withClient(connectWith(io, { isDelivery: false }), async fetch => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    return response.json()
  })
  if (isSymbolicated(answer)) return answer
  throw new MapsealError(
    'symbolicate',
    `${server} did not answer like a Mapseal server. Give the URL of one with --server.`,
  )
}

function addressOf(server: string): string {
  if (!/^https?:\/\//.test(server) || !URL.canParse(server)) {
    throw new UsageError(`--server takes a URL, such as http://127.0.0.1:4700, not "${server}".`)
  }
  return `${server.replace(/\/+$/, '')}/api/symbolicate`
}

function isSymbolicated(answer: unknown): answer is Symbolicated {
  const { lines, notes } = (answer ?? {}) as Partial<Symbolicated>
  return Array.isArray(lines) && Array.isArray(notes)
}
