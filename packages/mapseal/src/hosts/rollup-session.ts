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

/** Longer than Rolldown takes from one output to the next; only programs that never close a bundle wait for it. */
const idleMs = 250

/**
 * The part of a plugin instance in a build. `closeBundle` ends it; but programs that call `rollup()` often never close the
 * bundle, so the last output to end does so too, as soon as nothing else follows.
 */
export function rollupSession(context: RollupContext): RollupSession {
  let participations: Participation[] = []
  let outputs = 0
  let idle: NodeJS.Timeout | undefined
  let ending: Promise<void> = Promise.resolve()

  async function open(): Promise<void> {
    clearTimeout(idle)
    participations.push(await joinSession(context.options, context.root))
  }

  async function end(outcome: 'done' | 'failed'): Promise<void> {
    const left = participations
    participations = []
    outputs = 0
    for (const participation of left) await participation.leave(outcome)
  }

  /** Whoever closes a bundle that is being finished waits for that. */
  function leave(outcome: 'done' | 'failed'): Promise<void> {
    clearTimeout(idle)
    if (participations.length > 0) ending = end(outcome)
    return ending
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
      if (outputs === 0 && !context.isVite) idle = setTimeout(() => leave('done'), idleMs)
    },
    leave,
  }
}
