import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { BlobRef, BuildRecord } from '../types.ts'
import { exists, isAbandoned } from './files.ts'
import { parseRecord } from './local.ts'

/** A blob this young may belong to a build that has not written its record yet. */
const graceMs = 60 * 60 * 1000

/**
 * Forgets the builds beyond the newest `retain`, and the blobs that only they named. A build that still owes a delivery
 * stays. While any record cannot be read, no blob is deleted: it may be one of its own.
 */
export async function prune(dir: string, retain: number): Promise<void> {
  const folder = join(dir, 'builds')
  if (!(await exists(folder))) return
  const names = (await readdir(folder))
    .filter(name => name.endsWith('.json'))
    .sort()
    .reverse()
  const kept = new Set<string>()
  let isWhole = true
  for (const [age, name] of names.entries()) {
    const build = await readFile(join(folder, name), 'utf8')
      .then(parseRecord)
      .catch(() => undefined)
    if (!build) isWhole = false
    else if (age < retain || owesDelivery(build)) blobsOf(build).forEach(blob => void kept.add(blob.sha256))
    else await rm(join(folder, name), { force: true })
  }
  await sweep(join(dir, 'tmp'), () => true, isAbandoned)
  if (!isWhole) return
  const blobs = join(dir, 'blobs')
  for (const prefix of (await exists(blobs)) ? await readdir(blobs) : []) {
    await sweep(join(blobs, prefix), name => !kept.has(basename(name, '.br')))
  }
}

function owesDelivery(build: BuildRecord): boolean {
  return Object.values(build.deliveries).some(delivery => delivery.state !== 'delivered')
}

function blobsOf(build: BuildRecord): BlobRef[] {
  return build.files.flatMap(file => (file.map ? [file.code, file.map] : [file.code]))
}

/**
 * Deletes what is unused and older than the grace, or certainly nobody's. Another build may prune at the same time: what is
 * already gone is fine.
 */
async function sweep(
  folder: string,
  isUnused: (name: string) => boolean,
  isNobodys: (name: string) => boolean = () => false,
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const modified = await stat(path)
      .then(({ mtimeMs }) => mtimeMs)
      .catch(() => Number.POSITIVE_INFINITY)
    const isOld = modified < Date.now() - graceMs
    if (isNobodys(name) || (isUnused(name) && isOld)) await rm(path, { force: true })
  }
}
