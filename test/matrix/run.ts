import { execute } from './execute.ts'
import { checkRegistered } from './invariants/identified.ts'
import { checkBrowserRun } from './run-browser.ts'
import type { Build, BundleCase, Format } from './types.ts'
import type { Kept } from './vault.ts'

/** I2 at run time: loads every script where the case says, and looks at the registry. */
export async function checkRun(
  fixture: BundleCase,
  sealed: Build,
  scripts: string[],
  kept: Kept,
  release: string,
): Promise<string[]> {
  if (typeof fixture.run === 'object') return []
  const check = fixture.run === 'browser' ? checkBrowserRun : checkNodeRun
  return check(fixture, sealed, scripts, kept, release)
}

async function checkNodeRun(
  fixture: BundleCase,
  sealed: Build,
  scripts: string[],
  { ids }: Kept,
  release: string,
): Promise<string[]> {
  const loaded = scripts.filter(path => !fixture.isUnloaded?.(path))
  const entries = Object.keys(fixture.input ?? { main: '' })
  const isEntry = (path: string) => entries.some(name => path.includes(name))
  const order = [...loaded.filter(isEntry), ...loaded.filter(path => !isEntry(path))]
  try {
    const execution = await execute(sealed.outDir, order, formatOf(fixture, loaded))
    const expected = new Map(loaded.map(path => [path, ids.get(path) ?? 'none']))
    const problems = checkRegistered(execution.registry, expected)
    const wanted = fixture.carriesRelease === false ? undefined : release
    if (execution.release !== wanted) problems.push(`release at run time is ${execution.release}, should be ${wanted}`)
    return problems
  } catch (cause) {
    return [`I2 at run time: ${cause instanceof Error ? cause.message.slice(0, 2000) : cause}`]
  }
}

function formatOf({ format }: BundleCase, scripts: string[]): Format {
  return format ?? (scripts.some(path => path.endsWith('.cjs')) ? 'cjs' : 'esm')
}
