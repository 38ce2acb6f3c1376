import { createHash } from 'node:crypto'
import { normalizeDebugId } from '../inject/debug-id.ts'
import type { CheckProblem } from './check.ts'
import { hasOwnCode } from './own-code.ts'
import { type TrailingComments, trailingComments } from './trailing-comments.ts'
import type { MapCheck } from './vault-maps.ts'

export interface IdentityCheck {
  /** What is wrong with the ID of a script and with its map. */
  script(path: string, code: Buffer): Promise<CheckProblem[]>
  /** The same of a script inside a page, which need not have an ID: it may be written by hand. */
  inline(page: string, html: Buffer, code: string): Promise<CheckProblem[]>
}

/**
 * An ID belongs to the first file that has it, and to the copies of that file.
 *
 * @param isOther whether a script without an ID is one that its build did not make
 */
export function createIdentityCheck(
  checkMap: MapCheck,
  isOther: (path: string, code: Buffer, body: string) => boolean,
): IdentityCheck {
  const owners = new Map<string, { path: string; sha256: string }>()

  async function check(path: string, file: Buffer, { debugIds, body }: TrailingComments): Promise<CheckProblem[]> {
    const problem = (message: string): CheckProblem[] => [{ path, invariant: 'identified', message }]
    if (debugIds.length > 1) return problem(`has ${debugIds.length} debug IDs`)
    const [written] = debugIds
    if (written === undefined) {
      return !hasOwnCode(body) || isOther(path, file, body) ? [] : problem('has no debug ID')
    }

    const debugId = normalizeDebugId(written)
    if (debugId === undefined) return problem(`has a debug ID that is not a UUID: ${written.slice(0, 100)}`)
    const sha256 = createHash('sha256').update(body).digest('hex')
    const owner = owners.get(debugId)
    if (owner && owner.sha256 !== sha256) return problem(`has the debug ID of ${owner.path}`)
    owners.set(debugId, owner ?? { path, sha256 })
    if (owner || !hasOwnCode(body)) return [] // What holds for a script holds for its copies.

    const isRegistered = body.includes(written) || body.includes(debugId)
    const found = await checkMap({ path, debugId, code: file })
    const faults = found === 'no map' ? [] : found
    return [
      ...(isRegistered ? [] : problem('does not register its debug ID at run time')),
      ...faults.map(({ message, at }): CheckProblem => ({ path, invariant: 'exact', message, ...at })),
    ]
  }

  return {
    script: (path, code) => check(path, code, trailingComments(code.toString())),
    async inline(page, html, code) {
      const comments = trailingComments(code)
      return comments.debugIds.length > 0 ? check(page, html, comments) : []
    },
  }
}
