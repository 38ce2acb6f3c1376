import type { BuildIndex, BuildRecord, IndexedBuild, Vault } from '../types.ts'
import { nameIn } from './index/keys.ts'

/** The builds of a vault, found by what a frame names. Each record is read once, and only when it may hold the file. */
export interface Builds {
  /** Builds with this debug ID: those of `release` first, then the newest. */
  withId(debugId: string, release: string | undefined): AsyncIterable<BuildRecord>
  /** The newest builds, of `release` if there is one, with a file of the name that the URL ends with; newest first. */
  withName(url: string, release: string | undefined): Promise<BuildRecord[]>
  /** In the index, newest first. */
  all(): IndexedBuild[]
}

/** Every build may have a file of this name. */
const mostOfAName = 20

export async function openBuilds(
  vault: Pick<Vault, 'index' | 'find'>,
  onUnreadable: (file: string, cause: unknown) => void = () => {},
): Promise<Builds> {
  const index: BuildIndex = await vault.index(onUnreadable)
  const records = new Map<string, Promise<BuildRecord | undefined>>()

  function record({ id }: IndexedBuild): Promise<BuildRecord | undefined> {
    const known = records.get(id)
    if (known) return known
    const read = vault.find(id, onUnreadable)
    records.set(id, read)
    return read
  }

  return {
    all: index.builds,
    async *withId(debugId, release) {
      const found = await index.find('id', debugId)
      const isOfRelease = (build: IndexedBuild) => build.release?.name === release
      for (const build of [...found.filter(isOfRelease), ...found.filter(build => !isOfRelease(build))]) {
        const read = await record(build)
        if (read) yield read
      }
    },
    async withName(url, release) {
      const isOfRelease = (build: IndexedBuild) => release === undefined || build.release?.name === release
      const builds: BuildRecord[] = []
      for (const build of (await index.find('name', nameIn(url))).filter(isOfRelease)) {
        const read = await record(build)
        if (read) builds.push(read)
        if (builds.length === mostOfAName) break
      }
      return builds
    },
  }
}
