import type { MapDecision } from '../map/setting.ts'
import type { Logger } from '../types.ts'
import { processState } from './process-state.ts'

/**
 * Logs what was decided about source maps, unless another part of the same build has: outputs, environments and compilers
 * share a setting. A part that decides again belongs to a new build.
 *
 * @param root the project's folder
 * @param part names the part within the project, the same each time it is built
 */
export function announceOnce(
  { message, level }: Pick<MapDecision, 'message' | 'level'>,
  logger: Logger,
  root: string,
  part: string,
): void {
  if (!message) return
  const { announced } = processState()
  const key = JSON.stringify([root, message])
  const parts = announced.get(key)
  if (!parts || parts.has(part)) {
    announced.set(key, new Set([part]))
    logger[level](message)
  } else parts.add(part)
}
