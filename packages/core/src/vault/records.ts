import type { BuildRecord } from '../types.ts'
import type { Store } from './store.ts'

export function recordKey(id: string): string {
  return `builds/${id}.json`
}

/** Newest first, as the IDs of builds sort. */
export async function recordKeys(store: Store): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list('builds/')) if (/^builds\/[^/]+\.json$/.test(key)) keys.push(key)
  return keys.reverse()
}

/** Undefined where another process has pruned it meanwhile. @throws SyntaxError where it is not a record */
export async function readRecord(store: Store, key: string): Promise<BuildRecord | undefined> {
  const json = await store.get(key)
  return json && parseRecord(json.toString())
}

function parseRecord(json: string): BuildRecord {
  const build = JSON.parse(json) as Partial<BuildRecord> | null
  if (build?.version !== 1 || typeof build.id !== 'string' || !Array.isArray(build.files) || !build.deliveries) {
    throw new SyntaxError('it is not a build record of version 1')
  }
  return build as BuildRecord
}
