import { json } from '../http/answer.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import { parseRequest } from './request.ts'
import type { Symbolicator } from './types.ts'

/** Maximum bytes of the body. A long stack has kilobytes. */
const LARGEST = 1_000_000

export const symbolicateRoutes = (symbolicator: Symbolicator): Route[] => [
  {
    method: 'POST',
    path: '/api/symbolicate',
    isSlashOptional: true,
    access: 'read',
    async handle(request) {
      const parsed = parseRequest(await request.json(LARGEST))
      if (typeof parsed === 'string') throw new HttpProblem(400, { detail: parsed })
      if ('frames' in parsed) return json({ frames: await symbolicator.frames(parsed.frames, parsed.release) })
      const { stack, ...options } = parsed
      return json(await symbolicator.stack(stack, options))
    },
  },
]
