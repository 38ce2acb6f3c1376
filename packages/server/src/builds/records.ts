import type { BuildRecord, Vault } from '@mapseal/core'
import { trimOldest } from '@mapseal/core/symbolicate'

/** The records that were read last, each for a second: other servers may change them. */
export interface Records {
  /** Undefined if there is none, or none that can be read. */
  read(id: string): Promise<BuildRecord | undefined>
  /** Instead of reading it. */
  note(build: BuildRecord): void
}

const freshMs = 1000
/** Maximum files of all records in memory, of about 1 kB each; the one read last is kept whatever its size. */
const mostFiles = 10_000

export function createRecords(vault: Pick<Vault, 'find'>): Records {
  /** Oldest first. */
  const known = new Map<string, { build: Promise<BuildRecord | undefined>; files: number; at: number }>()

  function keep(id: string, build: Promise<BuildRecord | undefined>): Promise<BuildRecord | undefined> {
    const entry = { build, files: 0, at: Date.now() }
    known.delete(id)
    known.set(id, entry)
    build.then(
      read => {
        entry.files = read?.files.length ?? 0
        trimOldest(known, mostFiles, ({ files }) => files)
      },
      () => known.delete(id),
    )
    return build
  }

  return {
    read(id) {
      const entry = known.get(id)
      if (entry && Date.now() - entry.at < freshMs) return entry.build
      // A file that is not a record, or is of a later version, is passed over.
      return keep(
        id,
        vault.find(id, () => {}),
      )
    },
    note: build => void keep(build.id, Promise.resolve(build)),
  }
}
