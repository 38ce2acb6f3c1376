import { openStore } from '@mapseal/core'
import type { CommandInput } from './command.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { loadServer } from './server.ts'
import { alignColumns } from './table.ts'
import { findLocation, vaultOptions } from './vault.ts'

const accesses = ['read', 'write', 'admin'] as const

/** Options of `token create` alone. */
export const tokenOptions: string[] = ['access', 'name']

/** The sub-commands of `serve` share one list of options. @throws UsageError for one that `command` does not take */
export function refuseStray({ values }: CommandInput, known: string[], command: string): void {
  const stray = Object.keys(values).find(name => !known.includes(name))
  if (stray === undefined) return
  throw new UsageError(`"mapseal ${command}" takes no --${stray}. Try "mapseal serve --help".`)
}

/** `create`, `list` or `revoke`. Tokens are in the vault, so that every server of it knows them. */
export async function manageTokens([verb, id, ...rest]: string[], input: CommandInput, io: Io): Promise<number> {
  const extra = verb === 'revoke' ? rest[0] : id
  if (extra !== undefined) throw new UsageError(`Unexpected argument "${extra}".`)
  const known = [...Object.keys(vaultOptions), ...(verb === 'create' ? tokenOptions : [])]
  refuseStray(input, known, ['serve', 'token', verb].filter(Boolean).join(' '))
  const { createToken, listTokens, revokeToken } = await loadServer(io.cwd)
  const store = openStore(await findLocation(input, io), io.cwd)
  const print = (value: object, text: string) =>
    void io.stdout.write(input.isJson ? `${JSON.stringify(value, null, 2)}\n` : text)

  if (verb === 'create') {
    const { token, record } = await createToken(store, accessOf(input), input.values.name?.[0])
    const { sha256: _, ...facts } = record
    print({ ...facts, token }, `${token}\n`)
    if (!input.isJson)
      io.stderr.write(`[mapseal] [server] Token ${record.id} for ${record.access}. It is not shown again.\n`)
    return 0
  }
  if (verb === 'list') {
    const tokens = (await listTokens(store)).map(({ sha256: _, ...facts }) => facts)
    const rows = tokens.map(({ id, access, createdAt, name }) => [id, access, createdAt.slice(0, 10), name ?? '-'])
    print(tokens, `${alignColumns([['TOKEN', 'ACCESS', 'SINCE', 'NAME'], ...rows]).join('\n')}\n`)
    return 0
  }
  if (verb === 'revoke' && id !== undefined) {
    await revokeToken(store, id)
    print({ revoked: id }, `${id} is revoked; servers that know it forget it within seconds.\n`)
    return 0
  }
  throw new UsageError('Use "mapseal serve token create --access read|write|admin", "list" or "revoke <id>".')
}

function accessOf({ values }: CommandInput): (typeof accesses)[number] {
  const access = accesses.find(access => access === values.access?.[0])
  if (access) return access
  throw new UsageError('--access must be read (sources and events), write (uploads) or admin (both).')
}
