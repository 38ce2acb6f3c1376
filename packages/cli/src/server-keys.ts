import { openStore } from '@mapseal/core'
import type { CommandInput } from './command.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { loadServer } from './server.ts'
import { refuseStray } from './server-tokens.ts'
import { alignColumns } from './table.ts'
import { findLocation, vaultOptions } from './vault.ts'

/** `create`, `list` or `revoke`, for the keys in a project's DSNs. */
export async function manageKeys([verb, key, ...rest]: string[], input: CommandInput, io: Io): Promise<number> {
  const extra = verb === 'revoke' ? rest[0] : key
  if (extra !== undefined) throw new UsageError(`Unexpected argument "${extra}".`)
  const command = ['serve', 'key', verb].filter(Boolean).join(' ')
  refuseStray(input, [...Object.keys(vaultOptions), 'org', 'project'], command)
  const { createKey, listKeys, revokeKey } = await loadServer(io.cwd)
  const store = openStore(await findLocation(input, io), io.cwd)
  const org = input.values.org?.[0] ?? 'mapseal'
  const [project = 'app', second] = input.values.project ?? []
  if (second !== undefined) throw new UsageError(`"mapseal ${command}" takes one --project.`)
  const print = (value: object, text: string) =>
    void io.stdout.write(input.isJson ? `${JSON.stringify(value, null, 2)}\n` : text)

  if (verb === 'create') {
    const made = await createKey(store, org, project)
    print(made, `${made.key}\n`)
    return 0
  }
  if (verb === 'list') {
    const keys = await listKeys(store, org, project)
    const rows = keys.map(({ key, createdAt }) => [key, createdAt?.slice(0, 10) ?? '-'])
    print(keys, `${alignColumns([['KEY', 'SINCE'], ...rows]).join('\n')}\n`)
    return 0
  }
  if (verb === 'revoke' && key !== undefined) {
    await revokeKey(store, org, project, key)
    print({ revoked: key }, `${key} is revoked; servers that know it forget it within seconds.\n`)
    return 0
  }
  throw new UsageError('Use "mapseal serve key create", "list" or "revoke <key>", with --project for other than app.')
}
