import { execFile } from 'node:child_process'
import { posix } from 'node:path'
import { promisify } from 'node:util'
import { withoutCredentials } from './without-credentials.ts'

/** The git repository of the working folder, as vendors link frames to code. */
export interface Repository {
  /** Without credentials. */
  url: string
  commit: string
  /** The tracked files that may be the originals of a map, by their file names. */
  filesOf(map: Uint8Array): string[]
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
    const [commit, remotes, files] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('remote'),
      git('ls-files', '-z', '--full-name', ':/'),
    ])
    const names = remotes.split('\n').filter(Boolean)
    const remote = names.includes('origin') ? 'origin' : names[0]
    const isOther = /^[\da-f]{40}$/.test(release ?? '') && release !== commit.trim()
    if (remote === undefined || isOther) return undefined
    const url = withoutCredentials((await git('ls-remote', '--get-url', '--', remote)).trim())
    const byName = groupByName(files.split('\0').filter(Boolean))
    return { url, commit: commit.trim(), filesOf: map => namesIn(map).flatMap(name => byName.get(name) ?? []) }
  } catch {
    return undefined // No git, or none here: the fields are optional.
  }
}

function groupByName(paths: string[]): Map<string, string[]> {
  const byName = new Map<string, string[]>()
  for (const path of paths) byName.set(posix.basename(path), [...(byName.get(posix.basename(path)) ?? []), path])
  return byName
}

/** The file names of its originals. */
function namesIn(map: Uint8Array): string[] {
  const { sources = [], sections = [] } = JSON.parse(Buffer.from(map).toString()) as ParsedMap
  const all = [...sources, ...sections.flatMap(section => section.map.sources ?? [])]
  return [...new Set(all.map(source => posix.basename((source ?? '').replace(/[?#].*$/, ''))))].filter(Boolean)
}

interface ParsedMap {
  sources?: (string | null)[]
  sections?: { map: { sources?: (string | null)[] } }[]
}
