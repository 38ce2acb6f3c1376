import { execFile } from 'node:child_process'
import { posix } from 'node:path'
import { promisify } from 'node:util'
import { constants, gunzipSync } from 'node:zlib'
import { type Bytes, readSources } from '@mapseal/core'
import type { MappedArtifact } from './upload.ts'
import { withoutCredentials } from './without-credentials.ts'

/** The git repository of the working folder, as vendors link frames to code. */
export interface Repository {
  /** Without credentials. */
  url: string
  commit: string
  /** The tracked files that may be the originals of an artifact, by their file names. */
  filesOf(artifact: MappedArtifact): string[]
}

/** Undefined without git, a repository or a remote, or where another commit than the build's is checked out. */
export async function readRepository(
  release: string | undefined,
  signal: AbortSignal,
): Promise<Repository | undefined> {
  const git = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)('git', args, { signal, maxBuffer: 2 ** 28, windowsHide: true })
    return stdout
  }
  try {
    // As few processes as can be: starting one takes long where a build has filled a gigabyte of memory.
    const [commit, remotes, files] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('remote', '-v'),
      git('ls-files', '-z', '--full-name', ':/'),
    ])
    const remote = fetchUrl(remotes)
    const isOther = /^[\da-f]{40}$/.test(release ?? '') && release !== commit.trim()
    if (remote === undefined || isOther) return undefined
    const url = withoutCredentials(remote)
    const byName = groupByName(files.split('\0').filter(Boolean))
    return {
      url,
      commit: commit.trim(),
      filesOf: artifact => namesIn(artifact).flatMap(name => byName.get(name) ?? []),
    }
  } catch {
    return undefined // No git, or none here: the fields are optional.
  }
}

/** Where `origin` is fetched from, else the first of the remotes. */
function fetchUrl(remotes: string): string | undefined {
  const found = [...remotes.matchAll(/^(.*)\t(.*) \(fetch\)/gm)].map(([, name, url]) => ({ name, url }))
  return (found.find(({ name }) => name === 'origin') ?? found[0])?.url
}

function groupByName(paths: string[]): Map<string, string[]> {
  const byName = new Map<string, string[]>()
  for (const path of paths) {
    const name = posix.basename(path)
    const same = byName.get(name)
    if (same) same.push(path)
    else byName.set(name, [path])
  }
  return byName
}

/** The file names of its originals. */
function namesIn(artifact: MappedArtifact): string[] {
  const names = sourcesOf(artifact).map(source => posix.basename((source ?? '').replace(/[?#].*$/, '')))
  return [...new Set(names)].filter(Boolean)
}

/** How much of a packed map is unpacked at first, in bytes. */
const firstBytes = 16 * 1024

/** Unpacks a large map only as far as its `sources`, which are near its start. */
function sourcesOf(artifact: MappedArtifact): (string | null)[] {
  const packed = artifact.gzip?.map
  for (let length = firstBytes; packed && length < packed.length; length *= 4) {
    const found = readSources(gunzipSync(packed.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH }))
    if (found) return found
  }
  const { map } = artifact
  return readSources(map) ?? sourcesOfSections(map)
}

function sourcesOfSections(map: Bytes): (string | null)[] {
  const { sections = [] } = JSON.parse(Buffer.from(map.buffer, map.byteOffset, map.length).toString()) as IndexedMap
  return sections.flatMap(section => section.map.sources ?? [])
}

interface IndexedMap {
  sections?: { map: { sources?: (string | null)[] } }[]
}
