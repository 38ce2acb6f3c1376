import { json } from '../http/answer.ts'
import type { Handler, Route } from '../http/route.ts'
import type { Symbolicator } from '../symbolicate/index.ts'
import { answerPreflight, withCors } from './cors.ts'
import { readEnvelope } from './envelope.ts'
import type { Events } from './intake.ts'
import { admit, type Projects } from './key.ts'
import type { PageGuard } from './page-origin.ts'

/** Bytes of a decoded body: replays and attachments are skipped, but still read. */
const LONGEST = 64 * 1024 * 1024
const LONGEST_EVENT = 1024 * 1024

export interface EventServices {
  events: Events
  symbolicator: Pick<Symbolicator, 'warm'>
  projects: Projects
  refuseOtherPages: PageGuard
}

export function eventRoutes({ events, symbolicator, projects, refuseOtherPages }: EventServices): Route[] {
  /** @see https://develop.sentry.dev/sdk/foundations/transport/envelopes/ */
  const receiveEnvelope: Handler = async request => {
    let project: string | undefined
    let id: string | undefined
    for await (const part of readEnvelope(request.parts(LONGEST), request.hold)) {
      if ('header' in part) {
        project = await admit(request, projects, part.header.dsn)
        id = part.header.eventId
        // A page reports its session before it throws anything.
        symbolicator.warm()
      } else if (part.item.payload && project !== undefined) {
        id = await events.receive(part.item.payload, { project, address: request.address, id })
      } else {
        events.skip(part.item.type)
      }
      request.hold.release()
    }
    return json(id === undefined ? {} : { id })
  }

  /** One event as JSON, as old SDKs send it. */
  const receiveEvent: Handler = async request => {
    const project = await admit(request, projects)
    return json({ id: await events.receive(await request.bytes(LONGEST_EVENT), { project, address: request.address }) })
  }

  const guarded =
    (handle: Handler): Handler =>
    async request => {
      refuseOtherPages(request.headers)
      return handle(request)
    }

  return [
    { path: '/api/:project/envelope/', handle: receiveEnvelope },
    { path: '/api/:project/store/', handle: receiveEvent },
  ].flatMap(({ path, handle }): Route[] => [
    { method: 'POST', path, isSlashOptional: true, access: 'public', handle: withCors(guarded(handle)) },
    { method: 'OPTIONS', path, isSlashOptional: true, access: 'public', handle: guarded(answerPreflight) },
  ])
}
