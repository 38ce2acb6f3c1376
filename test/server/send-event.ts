import { randomBytes } from 'node:crypto'

/** Sends an event to a DSN as the SDKs of browsers do. @returns its ID */
export async function sendEvent(dsn: string, event: object): Promise<string> {
  const { protocol, host, username, pathname } = new URL(dsn)
  const id = randomBytes(16).toString('hex')
  const envelope = [{ event_id: id }, { type: 'event' }, { event_id: id, platform: 'javascript', ...event }]
  const response = await fetch(`${protocol}//${host}/api${pathname}/envelope/?sentry_key=${username}`, {
    method: 'POST',
    body: envelope.map(line => JSON.stringify(line)).join('\n'),
  })
  if (!response.ok) throw new Error(`The event was answered ${response.status}: ${await response.text()}`)
  return id
}
