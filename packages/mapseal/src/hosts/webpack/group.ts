import type { Compiler } from 'webpack'

/** The compilers of one multi-compiler, which make one build. */
export interface CompilerGroup {
  /** Runs `leave` now, or, while other compilers of the group have still to run, when the last of them is done. */
  leaveWithOthers(compiler: Compiler, leave: () => Promise<unknown>): Promise<void>
  /** For compilers that will never run, since the run failed or was ended. */
  leaveNow(): Promise<void>
}

/** Compilers of a multi-compiler are made in one go, and a compiler does not know the others. */
let forming: CompilerGroup | undefined
let join: ((compiler: Compiler) => void) | undefined

/** The group that is being formed; a compiler that turns out to be alone does not wait. */
export function joinGroup(compiler: Compiler): CompilerGroup {
  if (!forming) {
    const group = createGroup()
    forming = group.group
    join = group.join
    queueMicrotask(() => {
      forming = undefined
    })
  }
  join?.(compiler)
  return forming
}

function createGroup(): { group: CompilerGroup; join: (compiler: Compiler) => void } {
  const expected = new Set<Compiler>()
  let waiting: (() => Promise<unknown>)[] = []

  async function leaveNow(): Promise<void> {
    const leaving = waiting
    waiting = []
    for (const leave of leaving) await leave()
  }

  const group: CompilerGroup = {
    async leaveWithOthers(compiler, leave) {
      expected.delete(compiler)
      waiting.push(leave)
      if (expected.size === 0 || !isOfMany(compiler)) await leaveNow()
    },
    leaveNow,
  }
  return { group, join: compiler => void expected.add(compiler) }
}

function isOfMany(compiler: Compiler): boolean {
  return compiler.hooks.done.taps.some(({ name }) => name === 'MultiCompiler')
}
