import { existsSync } from 'node:fs'
import { readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles } from '@mapseal/core'
import { withMaps } from '../../../packages/cli/src/map-flags.ts'
import { runProgram } from '../../support/command.ts'
import { type App, linkMapseal } from '../app.ts'
import { environmentOf } from './build.ts'
import type { Row } from './row.ts'

/**
 * Builds the row again, with a package in place of ours that only switches source maps on. `mapseal run` is left out of its commands.
 *
 * @param folders where the row's scripts were sealed, absolute
 * @returns the scripts in them that have a source map with a source, absolute
 */
export async function scriptsWithPlainMap(app: App, row: Row, folders: string[]): Promise<string[]> {
  const link = join(app.dir, 'node_modules/mapseal')
  await rm(link, { recursive: true, force: true })
  await symlink(join(import.meta.dirname, 'maps-only'), link)
  try {
    await buildPlainly(app, row)
    const places = await Promise.all(folders.map(scriptsWithMap))
    return [...new Set(places.flat())]
  } finally {
    await linkMapseal(app.dir)
  }
}

async function buildPlainly(app: App, { build, outputs, env }: Row): Promise<void> {
  for (const path of outputs) await rm(join(app.dir, path), { recursive: true, force: true })
  for (const words of build) {
    const isRun = words[0] === 'mapseal'
    const [program = '', ...args] = isRun ? await withMaps(words.slice(words.indexOf('--') + 1), app.dir) : words
    const command = isRun ? [program, args] : [app.node, [join(app.dir, 'node_modules', program), ...args]]
    const [file, rest] = command as [string, string[]]
    const { code, stdout, stderr } = await runProgram(file, rest, { cwd: app.dir, env: environmentOf(app, env) })
    if (code !== 0) throw new Error(`Without Mapseal, ${words.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
  }
}

async function scriptsWithMap(dir: string): Promise<string[]> {
  // Frameworks remove folders that they need during the build alone.
  if (!existsSync(dir)) return []
  const scripts = (await listFiles(dir)).filter(path => /\.[cm]?js$/.test(path)).map(path => join(dir, path))
  const isMapped = await Promise.all(scripts.map(hasMap))
  return scripts.filter((_, index) => isMapped[index])
}

async function hasMap(script: string): Promise<boolean> {
  const code = await readFile(script, 'utf8')
  const link = [...code.matchAll(/^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)].at(-1)?.[1]
  const map = await readMap(script, link)
  return map !== undefined && hasSource(map)
}

export function hasSource(bytes: Uint8Array): boolean {
  return namesSource(JSON.parse(Buffer.from(bytes).toString()))
}

interface SourceMap {
  sources?: string[]
  sections?: { map: SourceMap }[]
}

/** Turbopack wraps a map without any source in a section too. */
function namesSource({ sources = [], sections = [] }: SourceMap): boolean {
  return sources.length > 0 || sections.some(({ map }) => namesSource(map))
}

async function readMap(script: string, link: string | undefined): Promise<Buffer | undefined> {
  if (link?.startsWith('data:')) return Buffer.from(link.slice(link.indexOf(',') + 1), 'base64')
  const names = [`${script}.map`, ...(link === undefined ? [] : [join(script, '..', decodeURIComponent(link))])]
  const maps = await Promise.all(names.map(name => readFile(name).catch(() => undefined)))
  return maps.find(Boolean)
}
