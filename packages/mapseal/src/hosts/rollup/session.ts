import { type ConnectedOptions, joinSession, type Participation } from '@mapseal/core'

/** The builds that one plugin instance serves: often one, but tools hand the same instance to several at a time. */
export interface RollupSession {
  /** The build of an output that has started, or any that is open: what they inject is the same. */
  current(output?: object): Participation
  isOpen(): boolean
  /**
   * @param input the options that `buildStart` and `renderStart` see
   * @param context the plugin context of the hook
   */
  open(input: object, context: object): Promise<void>
  /** Has a build left by another context too: each plugin has its own. */
  closedBy(input: object, context: object): void
  outputStarted(output: object, input: object, context: object): Promise<void>
  outputEnded(output: object): void
  leave(context: object, outcome: 'done' | 'failed'): Promise<void>
}

interface Surroundings {
  /** The project's folder, absolute. */
  root(): string
  /** Whether the bundle is closed in any case, as Vite does. */
  isAlwaysClosed: boolean
}

interface Part {
  participation: Participation
  input: object
  contexts: Set<object>
  /** Outputs that have started and not ended. */
  running: number
  hasWritten: boolean
}

/** How long a program that goes on may take between two outputs of one bundle. */
const idleMs = 5000

/**
 * `closeBundle` ends a build; but programs that call `rollup()` often never close the bundle, so the last output to end does
 * so too: once the program has nothing else to do, or goes on with other things.
 */
export function rollupSession(options: ConnectedOptions, { root, isAlwaysClosed }: Surroundings): RollupSession {
  let parts: Part[] = []
  const byOutput = new WeakMap<object, Part>()
  let idle: NodeJS.Timeout | undefined
  let ending: Promise<void> = Promise.resolve()

  /** Ends the build when the process is about to exit; an error then fails the process. */
  const finishUnclosed = () => leaveParts(parts, 'done')

  function stopWaiting(): void {
    clearTimeout(idle)
    process.off('beforeExit', finishUnclosed)
  }

  async function open(input: object, context: object): Promise<Part> {
    stopWaiting()
    const participation = await joinSession(options, root())
    const part = { participation, input, contexts: new Set([context]), running: 0, hasWritten: false }
    parts.push(part)
    return part
  }

  /** Leaves the session; a call while the bundle is being finished waits for that. */
  function leaveParts(left: Part[], outcome: 'done' | 'failed'): Promise<void> {
    stopWaiting()
    parts = parts.filter(part => !left.includes(part))
    if (left.length > 0) ending = leaveEach(left, outcome)
    return ending
  }

  return {
    current: output => ((output && byOutput.get(output)) ?? (parts.at(-1) as Part)).participation,
    isOpen: () => parts.length > 0,
    open: async (input, context) => void (await open(input, context)),
    closedBy: (input, context) => void parts.find(part => part.input === input)?.contexts.add(context),
    async outputStarted(output, input, context) {
      stopWaiting()
      const part = parts.find(part => part.input === input) ?? (await open(input, context))
      part.running += 1
      byOutput.set(output, part)
    },
    outputEnded(output) {
      const part = byOutput.get(output) as Part
      part.running -= 1
      if (part.running > 0) return
      part.hasWritten = true
      part.participation.markWritten()
      if (isAlwaysClosed || parts.some(({ running }) => running > 0)) return
      idle = setTimeout(finishUnclosed, idleMs).unref()
      process.once('beforeExit', finishUnclosed)
    },
    leave: (context, outcome) => leaveParts(partsOf(parts, context, outcome), outcome),
  }
}

/**
 * On Rollup a build has one context from its start to its end. Rolldown makes one for each hook, and starts a build for each
 * output: what ends well there is what has been written, and what fails is the rest.
 */
function partsOf(parts: Part[], context: object, outcome: 'done' | 'failed'): Part[] {
  const own = parts.filter(part => part.contexts.has(context))
  if (own.length > 0) return own
  const found = parts.filter(({ hasWritten }) => hasWritten === (outcome === 'done'))
  return found.length > 0 ? found : parts
}

async function leaveEach(parts: Part[], outcome: 'done' | 'failed'): Promise<void> {
  for (const { participation } of parts) await participation.leave(outcome)
}
