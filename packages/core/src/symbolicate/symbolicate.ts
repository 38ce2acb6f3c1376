import type { IndexedBuild, Vault } from '../types.ts'
import { openBuilds } from '../vault/builds.ts'
import type { DebugIds } from './debug-ids.ts'
import { debugIdFinder, inlineDebugIds } from './debug-ids.ts'
import { expandLog } from './log/expand.ts'
import { createMapCache } from './map-reader.ts'
import { calledName, originalFrame } from './names.ts'
import type { Lookup, Resolution } from './resolve.ts'
import { resolve } from './resolve.ts'
import type { Symbolicated, SymbolicatedLine } from './result.ts'
import type { StackLine } from './stack.ts'
import { parseStack } from './stack.ts'
import type { StackFrame } from './stack-frame.ts'

export interface SymbolicateOptions {
  /** Files are looked up by name in the builds of this release alone, and by debug ID in them first. @default all builds */
  release?: string
  /** Debug IDs of the scripts in the stack; those in the text itself are found without. */
  debugIds?: DebugIds
  /** Source lines before and after each position. @default 2 */
  contextLines?: number
  /** Called for each build record that cannot be read. */
  onUnreadable?: (file: string, cause: unknown) => void
}

/** Turns the stacks in a text into original frames, with the maps of a vault. The text may be a log: see `expandLog`. */
export function symbolicate(text: string, vault: Vault, options: SymbolicateOptions = {}): Promise<Symbolicated> {
  return symbolicateLines(parseStack(expandLog(text)), vault, {
    ...options,
    debugIds: { ...inlineDebugIds([{ kind: 'text', raw: text }]), ...options.debugIds },
  })
}

/** The same for lines that were parsed already, or frames that came as data. */
export async function symbolicateLines(
  lines: StackLine[],
  vault: Vault,
  options: SymbolicateOptions = {},
): Promise<Symbolicated> {
  const builds = await openBuilds(vault, options.onUnreadable)
  const notes = new Set<string>()
  const lookup: Lookup = {
    builds,
    release: options.release,
    debugIdOf: debugIdFinder({ ...inlineDebugIds(lines), ...options.debugIds }),
    mapOf: createMapCache(vault),
    contextLines: options.contextLines ?? 2,
    note: message => notes.add(message),
    located: new Map(),
  }
  const isOfRelease = ({ release }: IndexedBuild) => options.release === undefined || release?.name === options.release
  if (!builds.all().some(isOfRelease)) lookup.note(emptyNote(builds.all(), vault, options.release))

  const found: (Found | Exclude<StackLine, { kind: 'frame' }>)[] = []
  for (const line of lines) {
    found.push(line.kind === 'frame' ? { kind: 'found', line, result: await resolve(line.frame, lookup) } : line)
  }
  return {
    lines: found.map((line, index) => (line.kind === 'found' ? finish(line, found[index + 1]) : line)),
    notes: [...notes],
  }
}

interface Found {
  kind: 'found'
  line: { raw: string; frame: StackFrame }
  result: Resolution
}

function emptyNote(all: IndexedBuild[], vault: Vault, release: string | undefined): string {
  if (release === undefined || all.length === 0) return `The vault ${vault.location} holds no build.`
  const names = [...new Set(all.flatMap(build => build.release?.name ?? []))].slice(0, 5)
  const known = names.length > 0 ? `Its newest releases: ${names.join(', ')}.` : 'None of its builds has a release.'
  return `The vault ${vault.location} holds no build of release ${release}. ${known}`
}

function finish({ line, result }: Found, caller: { kind: string } | undefined): SymbolicatedLine {
  const { raw, frame } = line
  if ('reason' in result) return { kind: 'unresolved', raw, frame, ...result }
  const { located, position } = result
  return {
    kind: 'original',
    raw,
    frame,
    original: originalFrame(frame.function, position, caller?.kind === 'found' ? calledBy(caller as Found) : undefined),
    build: located.build.id,
    ...(located.build.release && { release: located.build.release.name }),
    ...(located.build.commit && { commit: located.build.commit.sha }),
    path: located.file.path,
    outDir: located.file.outDir,
    debugId: located.file.debugId,
  }
}

function calledBy({ line, result }: Found): string | undefined {
  return 'reason' in result ? undefined : calledName(line.frame, result.position)
}
