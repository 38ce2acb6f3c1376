import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildRecord, createVault, listFiles, readTrailingComments, type Store } from '@mapseal/core'
import { checkFolder, verifyVault } from '@mapseal/core/folder'
import { isMap, isScript } from '../matrix/files.ts'

/** What a folder and its vault lack after a stop: maps that are neither beside their scripts nor in a pack that a record names. */
export async function faultsOf(outDir: string, store: Store): Promise<string[]> {
  const vault = createVault(store)
  const faults = (await verifyVault(store)).problems.map(({ path, message }) => `${path} ${message}`)
  const records = await vault.records()
  const written = await listFiles(outDir).catch((): string[] => [])
  for (const path of written.filter(path => isScript(path) || path.endsWith('.css'))) {
    const beside = await readFile(join(outDir, `${path}.map`)).catch(() => undefined)
    if (beside && isWhole(beside)) continue
    const kept = await isKept(path, await readFile(join(outDir, path)), records, vault)
    if (!kept) faults.push(`${path} has no map, and no record has one for it`)
  }
  for (const path of written.filter(isMap))
    if (!written.includes(path.slice(0, -4))) faults.push(`${path} has no script`)
  return faults
}

async function isKept(
  path: string,
  code: Buffer,
  records: BuildRecord[],
  vault: ReturnType<typeof createVault>,
): Promise<boolean> {
  const { debugId } = readTrailingComments(code)
  // What was torn has no ID: then its name must do.
  const isOf = (file: BuildRecord['files'][number]) =>
    debugId ? file.debugId === debugId : `${file.outDir}/${file.path}`.endsWith(`/${path}`)
  for (const { map } of records.flatMap(({ files }) => files.filter(isOf)))
    if (map && isWhole(Buffer.from(await vault.read(map)))) return true
  return false
}

function isWhole(map: Buffer): boolean {
  try {
    const { version, mappings, sources } = JSON.parse(map.toString())
    return version === 3 && typeof mappings === 'string' && mappings !== '' && sources.length > 0
  } catch {
    return false
  }
}

/** What a second run of `seal` should have finished. */
export async function unfinishedIn(outDir: string, store: Store): Promise<string[]> {
  const { problems } = await checkFolder(outDir, { vault: createVault(store) })
  return problems.map(({ path, message }) => `${path} ${message}`)
}
