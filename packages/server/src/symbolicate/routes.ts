import { json } from '../http/answer.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import { parseRequest } from './request.ts'
import type { Symbolicator } from './types.ts'

/** Of the body. A long stack has kilobytes. */
const LARGEST = 1_000_000

export const symbolicateRoutes = (symbolicator: Symbolicator): Route[] => [
  {
    method: 'POST',
    path: '/api/symbolicate',
    isSlashOptional: true,
    access: 'read',
    async handle(request) {
      const asked = parseRequest(await request.json(LARGEST))
      if (typeof asked === 'string') throw new HttpProblem(400, { detail: asked })
      if ('frames' in asked) return json({ frames: await symbolicator.frames(asked.frames, asked.release) })
      const { stack, ...options } = asked
      return json(await symbolicator.stack(stack, options))
    },
  },
]
