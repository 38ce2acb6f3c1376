import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type BuildRecord, openVault } from '@mapseal/core'
import { type App, installApp } from '../app.ts'
import { buildRow, runIn } from './build.ts'
import { findMissedLeaks } from './leaks.ts'
import { hasSource, scriptsWithPlainMap } from './plain-build.ts'
import type { Result, Row, Side } from './row.ts'
import { releaseAgain } from './service-worker.ts'
import { readStack, throwErrors } from './stacks.ts'

/** Builds, checks and runs a row. @throws where it does not build or does not run */
export async function runRow(row: Row, key: string): Promise<Result> {
  const app = await installApp(row.app ?? row.name)
  const project = join(app.dir, row.project ?? '')
  const { output, records, deliveries } = await buildRow(app, row)
  for (const [from, to] of row.copies ?? []) await cp(join(app.dir, from), join(app.dir, to), { recursive: true })
  const thrown = await throwErrors(app, row)
  const stacks: Result['stacks'] = {}
  for (const [side, stack] of Object.entries(thrown.stacks) as [Side, string][])
    stacks[side] = await readStack(app, side, stack, project)
  const { code, stdout } = await runIn(app, ['mapseal', 'check', ...row.deployed])
  const lines = output.split('\n').filter(line => /^\s*\[mapseal\]/.test(line))
  const { decodable, ...counts } = await countScripts(app, records, project)
  const result = {
    key,
    versions: await versionsOf(app, row),
    ...counts,
    mapsLeft: (await Promise.all(row.deployed.map(dir => countMaps(join(app.dir, dir))))).reduce((a, b) => a + b, 0),
    records: records.length,
    deliveries,
    warnings: lines.filter(line => !/\d+ scripts?, \d+ decodable|as from a cache/.test(line)).map(line => line.trim()),
    problems: code === 0 ? [] : stdout.trim().split('\n'),
    missedLeaks: await findMissedLeaks(app, row.deployed[0] as string),
    stacks,
    ...(thrown.release !== undefined && { release: thrown.release }),
    ...(row.run.kind === 'static' && row.run.newVersion && { newVersion: await releaseAgain(app, row, row.run) }),
  }
  const folders = new Set(records.flatMap(({ files }) => files.map(({ outDir }) => join(project, outDir))))
  const plain = await scriptsWithPlainMap(app, row, [...folders])
  const namesOf = (scripts: string[]) => scripts.map(path => relative(app.dir, path)).sort()
  return {
    ...result,
    decodable: decodable.length,
    plainMaps: plain.length,
    onlyDecodable: namesOf(without(decodable, plain)),
    onlyPlain: namesOf(without(plain, decodable)),
  }
}

/** The scripts of a build that have no counterpart in another, where hashes in names may differ. */
function without(scripts: string[], others: string[]): string[] {
  const left = others.filter(other => !scripts.includes(other)).map(nameOf)
  return scripts.filter(script => {
    if (others.includes(script)) return false
    const index = left.indexOf(nameOf(script))
    if (index >= 0) left.splice(index, 1)
    return index < 0
  })
}

function nameOf(script: string): string {
  return script.replace(/(?:[-._~][\w-]{6,}|(?<=\/)(?:[\w-]{8}|[\w-]{12,}))(?=\.[cm]?js$)/, '')
}

/** A script, but for that of the release: it is ours, and holds nothing of the app. */
const scriptOf = /^(?!.*\brelease-[\w-]{8}\.js$).*\.[cm]?js$/

async function countScripts({ dir }: App, records: BuildRecord[], project: string) {
  const vault = openVault('vault', dir)
  const scripts = records
    .flatMap(({ files }) => files)
    // Frameworks remove scripts that they need during the build alone.
    .filter(({ outDir, path }) => scriptOf.test(path) && existsSync(join(project, outDir, path)))
  const decodes = await Promise.all(
    scripts.map(async ({ map }) => map !== undefined && hasSource(await vault.read(map))),
  )
  return {
    scripts: scripts.length,
    withId: scripts.filter(({ debugId }) => debugId).length,
    decodable: scripts.filter((_, index) => decodes[index]).map(({ outDir, path }) => join(project, outDir, path)),
  }
}

async function countMaps(dir: string): Promise<number> {
  const files = await readdir(dir, { recursive: true })
  return files.filter(path => path.endsWith('.map')).length
}

async function versionsOf({ dir }: App, { framework }: Row): Promise<Record<string, string>> {
  const manifest = await readFile(join(dir, 'node_modules', framework, 'package.json'), 'utf8')
  return { [framework]: JSON.parse(manifest).version }
}

/** What a result is of: the app's files, and how the row builds and runs them. */
export async function keyOf(row: Row): Promise<string> {
  const { title, hook, explained, broken, ...run } = row
  const hash = createHash('sha256').update(JSON.stringify(run))
  const dir = join(import.meta.dirname, '../apps', row.app ?? row.name)
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  for (const file of files.sort()) hash.update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}
