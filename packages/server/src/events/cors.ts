import type { Answer } from '../http/answer.ts'
import { HttpProblem, problemOf } from '../http/problem.ts'
import type { Handler } from '../http/route.ts'

/** Events come from pages of any origin. No credentials are allowed with them, so that `*` opens nothing. */
const cors = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'x-sentry-error, x-sentry-rate-limits, retry-after',
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

const preflight = {
  'Access-Control-Allow-Methods': 'POST, OPTIONS',
  'Access-Control-Allow-Headers':
    'x-sentry-auth, x-requested-with, origin, accept, content-type, authentication, authorization, content-encoding, transfer-encoding',
  'Access-Control-Max-Age': '86400',
}

export const answerPreflight: Handler = async () => ({ status: 204, headers: { ...cors, ...preflight } })

/** The same handler for pages of other origins: they may read refusals too, such as when to try again. */
export function withCors(handle: Handler): Handler {
  return async request => {
    try {
      return allow(await handle(request))
    } catch (cause) {
      const problem = problemOf(cause)
      if (!problem) throw cause
      throw new HttpProblem(problem.status, problem.body, { ...problem.headers, ...cors }, { cause })
    }
  }
}

function allow(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, ...cors } }
}
