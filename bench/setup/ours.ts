import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
  const tarballs = (await readdir(packed)).sort().map(name => join(packed, name))
  await rm(join(FOLDER, 'node_modules'), { recursive: true, force: true })
  await npm(
    FOLDER,
    'install',
    '--no-save',
    '--no-package-lock',
    '--legacy-peer-deps',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    ...tarballs,
  )
  const hash = createHash('sha256')
  for (const tarball of tarballs) hash.update(await readFile(tarball))
  const stamp: Stamp = { youngest, hash: hash.digest('hex').slice(0, 12), tarballs }
  await writeFile(STAMP, JSON.stringify(stamp))
  return stamp
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
