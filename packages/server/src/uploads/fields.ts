import { HttpProblem } from '../http/problem.ts'

/** A JSON body. Its fields are read one by one; others are not kept. */
export type Body = Record<string, unknown>

/** @throws HttpProblem 400 */
export function asBody(value: unknown): Body {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body
  throw new HttpProblem(400, { detail: 'The body must be a JSON object' })
}

/** `null` counts as absent. @throws HttpProblem 400 */
export function optionalText(body: Body, name: string, maxLength: number): string | undefined {
  const value = body[name] ?? undefined
  if (value === undefined) return undefined
  const isText = typeof value === 'string' && value.length <= maxLength
  if (isText && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(value)) return value
  throw new HttpProblem(400, { detail: `${name} must be a text of at most ${maxLength} characters` })
}

/** A time in RFC 3339, unchanged. @throws HttpProblem 400 */
export function optionalDate(body: Body, name: string): string | undefined {
  const value = optionalText(body, name, 40)
  if (value === undefined) return undefined
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?$/.test(value) && !Number.isNaN(Date.parse(value))) return value
  throw new HttpProblem(400, { detail: `${name} must be a time in RFC 3339` })
}

/** @throws HttpProblem 400 */
export function optionalList(body: Body, name: string, maxLength: number): Body[] | undefined {
  const value = body[name] ?? undefined
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.length <= maxLength) return value.map(asBody)
  throw new HttpProblem(400, { detail: `${name} must be a list of at most ${maxLength}` })
}
