import type { BlobRef, BuildRecord, FileRecord } from '../types.ts'
import { packKey } from './pack-key.ts'
import { recordKey } from './records.ts'
import { isKey } from './store.ts'

/** What is wrong with a record that parses, a clause each: what its reader would stumble over. */
export function recordFaults(build: BuildRecord, key: string): string[] {
  const faults = key === recordKey(build.id) ? [] : [`it says that it is of the build ${build.id}`]
  if (Number.isNaN(Date.parse(build.createdAt))) faults.push('it has no time')
  const files: (Partial<FileRecord> | null)[] = build.files
  const broken = files.filter(file => !isFileRecord(file))
  if (broken.length === 0) return faults
  const name = broken[0]?.path ?? 'one without a name'
  return [...faults, `it does not say where ${broken.length} of its files lie, such as ${name}`]
}

export function isFileRecord(file: Partial<FileRecord> | null): file is FileRecord {
  const hasNames = [file?.path, file?.outDir, file?.debugId].every(name => typeof name === 'string')
  return hasNames && isBlobRef(file?.code) && (file?.map === undefined || isBlobRef(file.map))
}

function isBlobRef(blob: Partial<BlobRef> | undefined): boolean {
  const numbers = [blob?.size, blob?.offset, blob?.length, blob?.crc32]
  const hasPlace = typeof blob?.pack === 'string' && isKey(packKey(blob.pack)) && /^[\da-f]{64}$/.test(`${blob.sha256}`)
  return hasPlace && numbers.every(number => Number.isSafeInteger(number) && (number as number) >= 0)
}
