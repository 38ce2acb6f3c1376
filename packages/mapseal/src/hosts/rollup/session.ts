import { type ConnectedOptions, joinSession, type Participation } from '@mapseal/core'

export interface RollupSession {
  /** The build that is open. */
  current(): Participation
  isOpen(): boolean
  open(): Promise<void>
  outputStarted(): Promise<void>
  outputEnded(): void
  leave(outcome: 'done' | 'failed'): Promise<void>
}

interface Surroundings {
  /** The project's folder, absolute. */
  root(): string
  /** Whether the bundle is closed in any case, as Vite does. */
  isAlwaysClosed: boolean
}

/** How long a program that goes on may take between two outputs of one bundle. */
const idleMs = 5000

/**
 * The part of a plugin instance in a build. `closeBundle` ends it; but programs that call `rollup()` often never close the
 * bundle, so the last output to end does so too: once the program has nothing else to do, or goes on with other things.
 */
export function rollupSession(options: ConnectedOptions, { root, isAlwaysClosed }: Surroundings): RollupSession {
  let participations: Participation[] = []
  let outputs = 0
  let idle: NodeJS.Timeout | undefined
  let ending: Promise<void> = Promise.resolve()

  /** Ends the build when the process is about to exit; an error then fails the process. */
  const finishUnclosed = () => leave('done')

  function stopWaiting(): void {
    clearTimeout(idle)
    process.off('beforeExit', finishUnclosed)
  }

  async function open(): Promise<void> {
    stopWaiting()
    participations.push(await joinSession(options, root()))
  }

  async function end(outcome: 'done' | 'failed'): Promise<void> {
    const left = participations
    participations = []
    outputs = 0
    for (const participation of left) await participation.leave(outcome)
  }

  /** Leaves the session; a call while the bundle is being finished waits for that. */
  function leave(outcome: 'done' | 'failed'): Promise<void> {
    stopWaiting()
    if (participations.length > 0) ending = end(outcome)
    return ending
  }

  return {
    current: () => participations.at(-1) as Participation,
    isOpen: () => participations.length > 0,
    open,
    async outputStarted() {
      stopWaiting()
      outputs += 1
      if (participations.length === 0) await open()
    },
    outputEnded() {
      outputs -= 1
      if (outputs > 0 || isAlwaysClosed) return
      idle = setTimeout(finishUnclosed, idleMs).unref()
      process.once('beforeExit', finishUnclosed)
    },
    leave,
  }
}
