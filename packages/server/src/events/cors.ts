import type { Answer } from '../http/answer.ts'
import { HttpProblem, problemOf } from '../http/problem.ts'
import type { Handler } from '../http/route.ts'

/** Events come from pages of any origin. Credentials are not allowed with them, so `*` opens nothing. */
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

/** Makes a handler's answers readable for pages of other origins; refusals too, which say when to try again. */
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
