import { type ConnectedOptions, joinSession, type Participation } from '@mapseal/core'

/** The builds that one plugin instance serves: often one, but tools hand the same instance to several at a time. */
export interface RollupSession {
  /** The build of an output that has started, or any that is open: what they inject is the same. */
  current(output?: object): Participation
  /** Where the build of such an output is. */
  placeOf(output: object): BuildPlace
  isOpen(): boolean
  /** Whether a build in the same folder is still to write: a plugin of it has started another with ours among its plugins. */
  isNested(input: object, context: object): boolean
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

/** Where a build is. */
export interface BuildPlace {
  /** The project's folder, absolute. */
  root: string
  /** The folder of outputs that do not name one. */
  outDir: string
  /** Whether the same command goes on to build another part in this process. */
  isFollowed: boolean
}

interface Surroundings {
  /** Finds it by what `buildStart` sees. */
  find(input: object, context: object): BuildPlace
  /** Whether the bundle is closed in any case, as Vite does. */
  isAlwaysClosed: boolean
}

interface Part {
  participation: Participation
  place: BuildPlace
  input: object
  /** See `identityOf`. */
  identity: object
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
export function rollupSession(options: ConnectedOptions, { find, isAlwaysClosed }: Surroundings): RollupSession {
  let parts: Part[] = []
  const byOutput = new WeakMap<object, Part>()
  /** The input of every build so far, by the identities of its contexts: hooks of several plugins start at the same time. */
  const inputs = new WeakMap<object, object>()
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
    const place = find(input, context)
    const participation = await joinSession(options, place.root)
    const identity = identityOf(context)
    inputs.set(identity, input)
    const part = { participation, place, input, identity, running: 0, hasWritten: false }
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

  const partOf = (output: object | undefined) => (output && byOutput.get(output)) ?? (parts.at(-1) as Part)

  return {
    current: output => partOf(output).participation,
    placeOf: output => partOf(output).place,
    isOpen: () => parts.length > 0,
    isNested(input, context) {
      const place = find(input, context)
      return parts.some(part => !part.hasWritten && isSamePlace(part.place, place))
    },
    open: async (input, context) => void (await open(input, context)),
    closedBy: (input, context) => void inputs.set(identityOf(context), input),
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
      if (parts.every(({ hasWritten }) => hasWritten)) idle = setTimeout(finishUnclosed, idleMs).unref()
      process.once('beforeExit', finishUnclosed)
    },
    leave(context, outcome) {
      const left = partsOf(parts, context, outcome, inputs.get(identityOf(context)))
      return leaveParts([...left, ...unclosedWithin(parts, left)], outcome)
    },
  }
}

/**
 * What tells a build from others of the same plugin instance. On Rollup that is its context, one for each plugin and the same in
 * all hooks. Rolldown makes a context for each hook, whose data is the same in all hooks of an output.
 */
function identityOf(context: object): object {
  const { data } = context as { data?: unknown }
  return typeof data === 'object' && data !== null ? data : context
}

/**
 * Rolldown builds each output apart and closes all of them at once, so what ends well there is what has been written.
 *
 * @param input of the build, if it is known. It may have ended since: one that failed is closed too
 */
function partsOf(parts: Part[], context: object, outcome: 'done' | 'failed', input: object | undefined): Part[] {
  const identity = identityOf(context)
  const isApart = identity !== context
  const isOwn = (part: Part) => part.input === input || part.identity === identity
  if (input) return parts.filter(part => isOwn(part) || (isApart && outcome === 'done' && part.hasWritten))
  const found = parts.filter(({ hasWritten }) => hasWritten === (outcome === 'done'))
  return found.length > 0 ? found : parts
}

/** What plugins of these builds have built with ours among their plugins, and never close. */
function unclosedWithin(parts: Part[], outer: Part[]): Part[] {
  return parts.filter((part, index) => {
    if (outer.includes(part) || !part.hasWritten || part.running > 0) return false
    return outer.some(other => parts.indexOf(other) < index && isSamePlace(other.place, part.place))
  })
}

function isSamePlace(one: BuildPlace, other: BuildPlace): boolean {
  return one.root === other.root && one.outDir === other.outDir
}

/** A bundle that is closed before its outputs are there has failed for a reason that the bundler reports. */
async function leaveEach(parts: Part[], outcome: 'done' | 'failed'): Promise<void> {
  for (const { participation, place, hasWritten, running } of parts) {
    await participation.leave(hasWritten && running === 0 ? outcome : 'failed', place.isFollowed)
  }
}
