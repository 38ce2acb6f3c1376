import { joinSession, type Participation } from '@mapseal/core'
import type { RollupContext } from './rollup-context.ts'

export interface RollupSession {
  /** The build that is open. */
  current(): Participation
  isOpen(): boolean
  open(): Promise<void>
  outputStarted(): Promise<void>
  outputEnded(): void
  leave(outcome: 'done' | 'failed'): Promise<void>
}

/**
 * The part of a plugin instance in a build. `closeBundle` ends it; but programs that call `rollup()` often never close the
 * bundle, so the last output to end does so too, as soon as nothing else follows at once.
 */
export function rollupSession(context: RollupContext): RollupSession {
  let participations: Participation[] = []
  let outputs = 0
  let idle: NodeJS.Timeout | undefined

  async function open(): Promise<void> {
    clearTimeout(idle)
    participations.push(await joinSession(context.options, context.root))
  }

  async function leave(outcome: 'done' | 'failed'): Promise<void> {
    clearTimeout(idle)
    const left = participations
    participations = []
    outputs = 0
    for (const participation of left) await participation.leave(outcome)
  }

  return {
    current: () => participations.at(-1) as Participation,
    isOpen: () => participations.length > 0,
    open,
    async outputStarted() {
      clearTimeout(idle)
      outputs += 1
      if (participations.length === 0) await open()
    },
    outputEnded() {
      outputs -= 1
      // An error in here fails the process, as it would fail the build.
      if (outputs === 0 && !context.isVite) idle = setTimeout(() => leave('done'), 0)
    },
    leave,
  }
}
