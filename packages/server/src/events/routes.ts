import { json } from '../http/answer.ts'
import type { Handler, Route } from '../http/route.ts'
import { answerPreflight, withCors } from './cors.ts'
import { readEnvelope } from './envelope.ts'
import { admit } from './key.ts'

/** Of a body, decoded: replays and attachments are read past, but not without end. In bytes. */
const LONGEST = 64 * 1024 * 1024
const LONGEST_EVENT = 1024 * 1024

/** @see https://develop.sentry.dev/sdk/foundations/transport/envelopes/ */
const takeEnvelope: Handler = async (request, { events, options, symbolicator }) => {
  let project: string | undefined
  let id: string | undefined
  for await (const part of readEnvelope(request.parts(LONGEST), request.hold)) {
    if ('header' in part) {
      project = admit(request, options, part.header.dsn)
      id = part.header.eventId
      // A page tells of its session before anything is thrown.
      symbolicator.warm()
    } else if (part.item.payload && project !== undefined) {
      id = await events.receive(part.item.payload, project, id)
    } else {
      events.skip(part.item.type)
    }
    request.hold.release()
  }
  return json(id === undefined ? {} : { id })
}

/** One event as JSON, as old SDKs send it. */
const takeEvent: Handler = async (request, { events, options }) => {
  const project = admit(request, options)
  return json({ id: await events.receive(await request.bytes(LONGEST_EVENT), project) })
}

export const routes: Route[] = [
  { path: /^\/api\/(?<project>[^/]+)\/envelope\/?$/, handle: takeEnvelope },
  { path: /^\/api\/(?<project>[^/]+)\/store\/?$/, handle: takeEvent },
].flatMap(({ path, handle }): Route[] => [
  { method: 'POST', path, access: 'public', handle: withCors(handle) },
  { method: 'OPTIONS', path, access: 'public', handle: answerPreflight },
])
