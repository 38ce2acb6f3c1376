import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { MapsealError, reason } from '@mapseal/core'
import type { ResolvedLine, Symbolicated, SymbolicatedLine } from '@mapseal/core/symbolicate'
import type { Command, CommandInput } from '../command.ts'
import { UsageError } from '../errors.ts'
import { followFile, followInput } from '../follow.ts'
import type { Io } from '../io.ts'
import { readAll } from '../io.ts'
import { createPaint } from '../paint.ts'
import { symbolicateOn } from '../remote.ts'
import { formatLine } from '../stack.ts'
import { findVault, nameUnreadable, requireBuilds, vaultOptions } from '../vault.ts'

export const symbolicate: Command = {
  name: 'symbolicate',
  summary: 'Turn a stack from a file or stdin into original frames with source lines',
  operand: { name: 'file', isRequired: false },
  options: {
    release: { value: 'NAME', description: 'look up file names only in builds of this release' },
    'debug-id': { value: 'URL=ID', description: 'the debug ID of a script in the stack; may be repeated' },
    server: { value: 'URL', description: 'use the maps of this server instead of a vault' },
    token: { value: 'TOKEN', description: 'a read token of the server (default: MAPSEAL_SERVER_TOKEN)' },
    follow: { description: 'read a log while it is written, and change nothing in it but the frames' },
    raw: { description: 'name sources as the map does, not by their path in the repository' },
    ...vaultOptions,
  },
  examples: ['mapseal symbolicate trace.txt', 'node server.js 2>&1 | mapseal symbolicate --follow'],

  async run(input, io) {
    const debugIds = Object.fromEntries((input.values['debug-id'] ?? []).map(readPair))
    const [release] = input.values.release ?? []
    const [server] = input.values.server ?? []
    refuseVaultBesides(server, input)
    if (input.flags.has('follow')) return follow({ debugIds, ...(release !== undefined && { release }) }, input, io)
    const text = await readText(input, io)
    const options = { debugIds, ...(release !== undefined && { release }) }
    const result =
      server === undefined
        ? await symbolicateHere(text, options, input, io)
        : await symbolicateOn(server, { stack: text, ...options }, input, io)
    const frames = result.lines.filter(line => line.kind === 'original' || line.kind === 'unresolved')
    if (frames.length === 0)
      throw new MapsealError('symbolicate', 'No stack frame was found in the text. Paste the whole stack.')

    for (const note of result.notes) io.stderr.write(`[mapseal] [symbolicate] ${note}\n`)
    const paint = createPaint(io, io.stdout)
    const { sourceName } = await import('@mapseal/core/symbolicate')
    const isRaw = input.flags.has('raw')
    const nameOf = ({ original, outDir }: ResolvedLine) =>
      isRaw ? original.source : sourceName(original.source, outDir)
    const output = input.isJson
      ? JSON.stringify({ ...result, lines: result.lines.map(line => withPlace(line, sourceName)) }, null, 2)
      : result.lines
          .map(line => formatLine(line, paint, nameOf))
          .join('\n')
          .trimEnd()
    io.stdout.write(`${output}\n`)
    return frames.some(line => line.kind === 'original') ? 0 : 1
  },
}

/** With the source's path in the repository, and the commit: the record's, or the one that the release is named after. */
function withPlace(line: SymbolicatedLine, sourceName: (source: string, outDir?: string) => string): SymbolicatedLine {
  if (line.kind !== 'original') return line
  const [named] = /(?<![\da-f])[\da-f]{40}(?![\da-f])/.exec(line.release ?? '') ?? []
  const commit = line.commit ?? named
  const place = { file: sourceName(line.original.source, line.outDir), ...(commit && { commit }) }
  return { ...line, ...place }
}

async function follow(
  options: { debugIds: Record<string, string>; release?: string },
  input: CommandInput,
  io: Io,
): Promise<number> {
  if (input.values.server) throw new UsageError('--follow and --server cannot be combined. Name a vault with --vault.')
  if (input.isJson) throw new UsageError('--follow and --json cannot be combined: what is followed stays as it is.')
  const vault = await findVault(input, io)
  // Lines are short-lived: a young generation that does not grow is about as fast and takes 40 MB less.
  setFlagsFromString('--semi-space-growth-factor=1')
  const { followLog } = await import('@mapseal/core/symbolicate')
  const onNote = (note: string) => void io.stderr.write(`[mapseal] [symbolicate] ${note}\n`)
  const isRaw = input.flags.has('raw')
  const reader = await followLog(vault, { ...options, isRaw, onNote, onUnreadable: nameUnreadable(io) })
  if (input.operand === undefined || input.operand === '-') await followInput(io, reader)
  else await followFile(resolve(io.cwd, input.operand), io, reader)
  return 0
}

function refuseVaultBesides(server: string | undefined, { values }: CommandInput): void {
  const [name] = Object.keys(vaultOptions).filter(name => values[name])
  if (server === undefined || name === undefined) return
  throw new UsageError(`--server and --${name} cannot be combined. Give one of them.`)
}

async function symbolicateHere(
  text: string,
  options: { debugIds: Record<string, string>; release?: string },
  input: CommandInput,
  io: Io,
): Promise<Symbolicated> {
  const onUnreadable = nameUnreadable(io)
  const vault = await requireBuilds(await findVault(input, io), onUnreadable)
  const { symbolicate } = await import('@mapseal/core/symbolicate')
  return symbolicate(text, vault, { ...options, onUnreadable })
}

async function readText(input: CommandInput, io: Io): Promise<string> {
  const file = input.operand === '-' ? undefined : input.operand
  if (file === undefined && io.stdin.isTTY) {
    io.stderr.write('Paste a stack, then press Ctrl-D on a line of its own.\n')
  }
  const path = file === undefined ? undefined : resolve(io.cwd, file)
  const text = await readInput(path ?? 'stdin', path === undefined ? io.stdin : createReadStream(path))
  if (text.trim() !== '') return text
  const source = file ?? 'stdin'
  throw new MapsealError(
    'symbolicate',
    `${source} is empty. Name a file with a stack, or pipe one: mapseal symbolicate < trace.txt.`,
  )
}

async function readInput(name: string, input: AsyncIterable<Uint8Array | string>): Promise<string> {
  try {
    return await readAll(input)
  } catch (cause) {
    const advice = 'Name a file with a stack, or pipe a long log into mapseal symbolicate --follow.'
    throw new MapsealError('symbolicate', `${name} cannot be read: ${reason(cause)}. ${advice}`, { cause })
  }
}

/** The URL itself may hold `=`. */
function readPair(text: string): [url: string, id: string] {
  const at = text.lastIndexOf('=')
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)]
  throw new UsageError(`--debug-id takes URL=ID, not "${text}".`)
}
