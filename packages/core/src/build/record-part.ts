import { pending } from '../deliver/deliver.ts'
import type { ConnectedOptions } from '../options.ts'
import type { BuildRecord, FileRecord, OtherScript, Vault } from '../types.ts'
import { openersOf, processName } from '../vault/process.ts'
import { missingFrom } from '../vault/records.ts'
import { fileKey, type Sealed } from './sealed.ts'

/** What one build puts into its record, to which other processes of the same command, and builds before it, add too. */
export interface RecordPart {
  /** The record as it was last seen, with what is sealed so far. No call of this or another method overlaps. */
  current(): Promise<BuildRecord>
  /**
   * Writes it. Whatever other processes have changed since it was last seen stays: their files, and what they delivered or
   * dropped.
   *
   * @param state what this part comes to; while others are open, the record is
   * @param files of this part. @default all that are sealed
   */
  write(state: 'open' | 'failed' | undefined, files?: Sealed['files']): Promise<BuildRecord>
  /** Takes the files of this part out again. A record of nothing else is deleted. */
  withdraw(): Promise<void>
  /** By the destination's name: files that it had before. What else is in the record is not known to be there. */
  delivered: Map<string, FileRecord[]>
}

export interface PartFacts {
  vault: Vault
  sealed: Sealed
  destinations: ConnectedOptions['destinations']
  /** Finds the record to add to, or makes a new one. */
  find(): Promise<BuildRecord>
}

export function createRecordPart({ vault, sealed, destinations, find }: PartFacts): RecordPart {
  let record: BuildRecord | undefined
  /** Keys of the files that this part has written into the record. */
  let written = new Set<string>()
  let hasWritten = false
  /** Whether no other process can know of the record. */
  let isNew = false
  const delivered: RecordPart['delivered'] = new Map()

  const isOwn = (file: FileRecord) => written.has(fileKey(file)) || sealed.files.has(fileKey(file))
  const withOwn = (files: FileRecord[], own = sealed.files) => {
    const all = [...files.filter(file => !isOwn(file)), ...own.values()] as FileRecord[]
    const byKey = new Map(all.map(file => [fileKey(file), file]))
    return [...byKey.keys()].sort().map(key => byKey.get(key) as FileRecord)
  }

  async function current(): Promise<BuildRecord> {
    if (!record) {
      record = await find()
      isNew = record.files.length === 0 && record.command === undefined
    }
    record.files = withOwn(record.files)
    // Another process may have dropped one since.
    if (!hasWritten) for (const { name } of destinations) record.deliveries[name] ??= pending()
    return record
  }

  /** What was delivered is not sent again, but the destinations have not had what is new. */
  function deliveriesOf(stored: BuildRecord, files: FileRecord[]): BuildRecord['deliveries'] {
    const hasMore = missingFrom(stored.files, files).length > 0
    const deliveries = hasMore ? renewed(stored, delivered) : { ...stored.deliveries }
    if (!hasWritten) for (const { name } of destinations) deliveries[name] ??= pending()
    return deliveries
  }

  return {
    current,
    delivered,
    async write(state, own = sealed.files) {
      const known = await current()
      const change = (stored: BuildRecord | undefined): BuildRecord => {
        const base = stored ?? known
        const files = withOwn(base.files, own)
        const deliveries = stored ? deliveriesOf(stored, files) : known.deliveries
        return withState({ ...base, files, ...othersOf(base, sealed.others), deliveries }, state)
      }
      if (isNew && !hasWritten) {
        record = change(undefined)
        await vault.record(record)
      } else record = (await vault.amend(known.id, change)) as BuildRecord
      written = new Set(own.keys())
      hasWritten = true
      return record
    },
    async withdraw() {
      if (!hasWritten) return
      const { id, command } = await current()
      const left = await vault.amend(id, build => {
        if (!build) return undefined
        const files = build.files.filter(file => !isOwn(file))
        if (files.length > 0) return withState({ ...build, files }, undefined)
        return withState({ ...build, files, deliveries: {} }, 'failed')
      })
      // Other processes may be about to add to a command's.
      if (left && left.files.length === 0 && command === undefined) await vault.forget(id)
    },
  }
}

function othersOf({ others = [] }: BuildRecord, added: OtherScript[]): Pick<BuildRecord, 'others'> {
  if (added.length === 0) return {}
  const byPath = new Map([...others, ...added].map(other => [`${other.outDir}\0${other.path}`, other]))
  return { others: [...byPath.keys()].sort().map(key => byPath.get(key) as OtherScript) }
}

function withState(build: BuildRecord, state: 'open' | 'failed' | undefined): BuildRecord {
  const { state: _, openedBy: __, ...ended } = build
  const others = openersOf(build).filter(name => name !== processName())
  const openers = state === 'open' ? [...others, processName()] : others
  if (openers.length > 0) return { ...ended, state: 'open', openedBy: openers.join(' ') }
  return state ? { ...ended, state } : ended
}

/** @param delivered learns which files each destination had */
function renewed({ files, deliveries }: BuildRecord, delivered: RecordPart['delivered']): BuildRecord['deliveries'] {
  return Object.fromEntries(
    Object.entries(deliveries).map(([name, delivery]) => {
      const { state, artifacts = 0 } = delivery
      if (state !== 'delivered') return [name, delivery]
      delivered.set(name, files)
      return [name, { state: 'pending', at: delivery.at, earlier: artifacts }]
    }),
  )
}
