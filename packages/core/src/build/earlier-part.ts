import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { BuildRecord, ReportedFile, Vault } from '../types.ts'
import { isOpenerRunning } from '../vault/process.ts'
import { processState } from './process-state.ts'
import { fileKey, type Sealed } from './sealed.ts'

export function rememberPart(key: string, record: BuildRecord): void {
  processState().endedBuilds.set(key, record)
}

/** What a build knows when it looks for the record to add to. */
export interface NewPart {
  /** The same for all builds that may continue one another's record in this process. */
  key: string
  /** The same in all processes of one command, by `MAPSEAL_BUILD`. */
  command: string | undefined
  vault: Vault
  sealed: Sealed
  root: string
  /** Called with the record that has all of it already; absent where no cache may have restored the output. */
  onRestored: ((build: BuildRecord) => void) | undefined
  /** Makes the record of a build of its own. */
  create(): Promise<BuildRecord>
}

/**
 * The record that a build adds to: of one that ended before it in this process, or of another process of the same command.
 * An output folder that is built again begins a new one.
 */
export async function findRecord(part: NewPart): Promise<BuildRecord> {
  const { key, command, vault } = part
  const remembered = processState().endedBuilds.get(key)
  if (remembered && !isBuiltAgain(remembered, part)) {
    // Another process may have flushed it since. Pruning reports a record that cannot be read.
    const found = await vault.find(remembered.id).catch(() => undefined)
    if (found && !isBuiltAgain(found, part)) return found
  }
  const own = await part.create()
  const restored = part.onRestored && (await findRestored(part, own))
  if (restored) part.onRestored?.(restored)
  if (restored) return restored
  return command === undefined ? own : joinCommand(part, command, own)
}

/** The newest record, if it is of the same release and has the same bytes of every file. */
async function findRestored({ vault, sealed }: NewPart, own: BuildRecord): Promise<BuildRecord | undefined> {
  const newest = await vault.newest()
  if (!newest || newest.state !== undefined || newest.project !== own.project) return undefined
  if (!isDeepStrictEqual(newest.release, own.release) || newest.urlPrefix !== own.urlPrefix) return undefined
  const printOf = (file: ReportedFile) => [fileKey(file), file.debugId, file.code?.sha256, file.map?.sha256].join('\0')
  const known = new Set(newest.files.map(printOf))
  return [...sealed.files.values()].every(file => known.has(printOf(file))) ? newest : undefined
}

async function joinCommand(part: NewPart, command: string, own: BuildRecord): Promise<BuildRecord> {
  let replaced: string | undefined
  for (;;) {
    const id = await part.vault.claim(command, own.id, replaced)
    if (id === own.id) return own
    // It may not be written yet.
    const found = (await part.vault.find(id).catch(() => undefined)) ?? { ...own, id }
    if (!isBuiltAgain(found, part)) return found
    replaced = id
  }
}

/** Whether a file is sealed a second time, or what shared a folder with the new files has been cleared away. */
function isBuiltAgain(build: BuildRecord, { sealed, root }: NewPart): boolean {
  // What a process has sealed, it may not have written yet.
  const isWriting = build.state === 'open' && isOpenerRunning(build)
  return build.files.some(file => {
    const { outDir, path, fate } = file
    const folder = resolve(root, outDir)
    if (!sealed.outDirs.has(folder)) return false
    return sealed.files.has(fileKey(file)) || (!isWriting && fate === undefined && !existsSync(resolve(folder, path)))
  })
}
