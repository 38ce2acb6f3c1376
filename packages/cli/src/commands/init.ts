import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MapsealError } from '@mapseal/core'
import type { Command } from '../command.ts'
import type { CheckedBuild } from '../init/check-build.ts'
import type { Plan } from '../init/plan.ts'
import type { Project } from '../init/project.ts'
import type { Io } from '../io.ts'
import { createPaint, type Paint } from '../paint.ts'

export const init: Command = {
  name: 'init',
  summary: 'Put the plugin into the config of the bundler, and check by a build that scripts can be decoded',
  options: {
    yes: { description: 'change the files without a question' },
    'dry-run': { description: 'show what would change, and change nothing' },
  },
  examples: ['mapseal init', 'mapseal init --dry-run', 'mapseal init --yes'],

  async run({ flags, isJson }, io) {
    const { readProject } = await import('../init/project.ts')
    const { makePlan } = await import('../init/plan.ts')
    const project = await readProject(io.cwd)
    if (!project) throw new MapsealError('init', `There is no package.json in ${io.cwd}. Run it in your project.`)
    if (project.configs.length === 0) throw noBundler()
    const plan = await makePlan(project)
    const show = createShow(io, isJson)
    for (const line of await describe(plan, createPaint(io, io.stdout))) show(line)
    const isAllowed =
      plan.changes.length > 0 && !flags.has('dry-run') && (flags.has('yes') || (!isJson && (await isConfirmed(io))))
    if (isAllowed) for (const { path, after } of plan.changes) await writeFile(join(io.cwd, path), after)
    const checked = isAllowed ? await checkAll(project, plan, io) : []
    for (const line of ending(plan, checked, isAllowed)) show(line)
    if (isJson) io.stdout.write(`${JSON.stringify({ ...plan, isWritten: isAllowed, checked }, null, 2)}\n`)
    const hasFailed = plan.refused.length > 0 || checked.some(({ build }) => build.state === 'failed')
    return hasFailed || (plan.changes.length > 0 && !isAllowed && !flags.has('dry-run')) ? 1 : 0
  },
}

function createShow({ stdout }: Io, isJson: boolean): (line: string) => void {
  return line => void (isJson ? undefined : stdout.write(`${line}\n`))
}

function noBundler(): MapsealError {
  return new MapsealError(
    'init',
    'No config of a bundler was found here, and no script that calls esbuild. Run it where the config is, or build and run "mapseal seal <dir>".',
  )
}

/** Questions are for people: without a terminal nothing is changed unless --yes is given. */
async function isConfirmed({ stdin, stdout }: Io): Promise<boolean> {
  if (!stdin.isTTY || !stdout.isTTY) return false
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({ message: 'Make these changes?' })
  return !isCancel(answer) && answer
}

async function describe({ changes, refused, notes }: Plan, paint: Paint): Promise<string[]> {
  const { diffLines } = await import('../init/diff.ts')
  const lines: string[] = []
  for (const { path, before, after } of changes) {
    lines.push(paint('bold', before === undefined ? `${path} (new)` : path))
    for (const line of diffLines(before ?? '', after)) lines.push(painted(line, paint))
    lines.push('')
  }
  return [
    ...lines,
    ...refused.map(
      ({ path, reason }) => `${paint('red', '✗')} ${path} is not changed: ${reason}. Add the plugin yourself.`,
    ),
    ...notes.map(note => `- ${note}`),
  ]
}

function painted(line: string, paint: Paint): string {
  if (line.startsWith('+ ')) return paint('green', line)
  return line.startsWith('- ') ? paint('red', line) : line
}

interface Checked {
  path: string
  build: CheckedBuild
}

/** One after the other, since they may write to the same folder. */
async function checkAll(project: Project, { changes, needed }: Plan, io: Io): Promise<Checked[]> {
  const { checkBuild } = await import('../init/check-build.ts')
  const checked: Checked[] = []
  for (const config of project.configs) {
    if (!changes.some(({ path }) => path === config.path)) continue
    checked.push({ path: config.path, build: await checkBuild(config, project, needed, io) })
  }
  return checked
}

function ending({ changes, variables, refused }: Plan, checked: Checked[], isWritten: boolean): string[] {
  if (changes.length === 0) return refused.length > 0 ? [] : ['Nothing is to be changed.']
  if (!isWritten) return ['Nothing was changed. Run "mapseal init --yes" to make these changes.']
  return [
    ...checked.map(({ path, build }) => lineOf(path, build)),
    ...(variables.length > 0
      ? [`Set these variables where you build, for example in CI: ${variables.join(', ')}`]
      : []),
  ]
}

function lineOf(path: string, build: CheckedBuild): string {
  if (build.state === 'skipped') return `- ${path}: not built, since ${build.reason}`
  if (build.state === 'failed') return `✗ ${path}: the build does not work:\n${build.output.trimEnd()}`
  if (build.state === 'kept') return `✓ ${path}: built; the source maps stay in the output, as its settings have it`
  return `✓ ${path}: built, ${build.decodable} of ${build.scripts} scripts can be decoded`
}
