import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { npm } from '../../test/support/installed.ts'
import { REPOSITORY, ROOT, SCRATCH } from '../places.ts'

const FOLDER = join(ROOT, 'contestants/mapseal')
const STAMP = join(FOLDER, 'node_modules/.stamp.json')

/** The packages as they are installed. */
export interface Ours {
  /** Hash of the packed bytes. */
  hash: string
  tarballs: string[]
}

interface Stamp extends Ours {
  /** When the youngest source was written that is in it, in milliseconds. */
  youngest: number
}

/** Builds and packs the plugin and installs it the way users do, unless the installed one is as young as the sources. */
export async function installOurs(say: (line: string) => void): Promise<Ours> {
  const youngest = await youngestSource()
  const known = await readFile(STAMP, 'utf8').then(
    text => JSON.parse(text) as Stamp,
    () => undefined,
  )
  if (known && known.youngest === youngest) return known
  say('packing and installing mapseal')
  const packed = join(SCRATCH, 'packed')
  await rm(packed, { recursive: true, force: true })
  await mkdir(packed, { recursive: true })
  const names = await namesOf('mapseal')
  const workspaces = names.map(name => `--workspace=${name}`)
  await npm(REPOSITORY, 'run', 'build', ...workspaces)
  await npm(REPOSITORY, 'pack', '--pack-destination', packed, ...workspaces)
  const tarballs = await installTarballs(FOLDER, packed)
  const hash = createHash('sha256')
  for (const tarball of tarballs) hash.update(await readFile(tarball))
  const stamp: Stamp = { youngest, hash: hash.digest('hex').slice(0, 12), tarballs }
  await writeFile(STAMP, JSON.stringify(stamp))
  return stamp
}

/** Installs the packages of an earlier revision beside ours, with our settings. */
export async function installEarlier(packed: string, say: (line: string) => void): Promise<void> {
  say(`installing the packages of ${packed}`)
  const folder = join(ROOT, 'contestants/earlier')
  await mkdir(folder, { recursive: true })
  for (const name of ['package.json', 'plugin.mjs']) await cp(join(FOLDER, name), join(folder, name))
  await installTarballs(folder, packed)
}

/** Installs all tarballs of a folder afresh, and returns their paths. */
async function installTarballs(folder: string, packed: string): Promise<string[]> {
  const names = (await readdir(packed)).filter(name => name.endsWith('.tgz'))
  const tarballs = names.sort().map(name => resolve(packed, name))
  await rm(join(folder, 'node_modules'), { recursive: true, force: true })
  const quiet = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  await npm(folder, 'install', '--no-save', '--no-package-lock', ...quiet, ...tarballs)
  return tarballs
}

/** A package of this repository and those of it that it depends on; what it depends on comes first. */
async function namesOf(name: string): Promise<string[]> {
  const folder = name.replace('@mapseal/', '')
  const { dependencies = {} } = JSON.parse(await readFile(join(REPOSITORY, 'packages', folder, 'package.json'), 'utf8'))
  const own = Object.keys(dependencies).filter(dependency => dependency.startsWith('@mapseal/'))
  const below = await Promise.all(own.map(namesOf))
  return [...new Set([...below.flat(), name])]
}

async function youngestSource(): Promise<number> {
  const packages = join(REPOSITORY, 'packages')
  const entries = await readdir(packages, { recursive: true })
  const sources = entries.filter(path => /^[^/]+\/(src\/|bin\/|package\.json$)/.test(path))
  const times = await Promise.all(sources.map(async path => (await stat(join(packages, path))).mtimeMs))
  return Math.max(...times)
}
