import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { MapsealError } from '@mapseal/core'
import type { IncludeEntry } from '../options.ts'

interface ParsedMap {
  sources: (string | null)[]
  sourcesContent?: (string | null)[]
  sourceRoot?: string
  sections?: unknown
}

/**
 * The map as it is uploaded: flat, with the sources that it lacks, and with prefixes taken off the names.
 *
 * @param file where the map is, absolute
 * @throws MapsealError where it is to be valid and is not
 */
export async function rewriteMap(map: Buffer, file: string, entry: IncludeEntry): Promise<Buffer> {
  if (entry.rewrite === false) {
    if (entry.validate) await requireValid(map, file)
    return map
  }
  const parsed = await flat(map, file)
  parsed.sourcesContent = await Promise.all(
    parsed.sources.map(
      async (source, index) => parsed.sourcesContent?.[index] ?? (await readSource(source, parsed, file)),
    ),
  )
  const prefixes = [...(entry.stripPrefix ?? []), ...(entry.stripCommonPrefix ? ['~'] : [])]
  const texts = prefixes.map(prefix => (prefix === '~' ? commonPrefix(parsed.sources) : prefix)).filter(Boolean)
  parsed.sources = parsed.sources.map(source => source && stripped(source, texts))
  return Buffer.from(JSON.stringify(parsed))
}

async function flat(map: Buffer, file: string): Promise<ParsedMap> {
  try {
    const parsed = JSON.parse(map.toString()) as ParsedMap
    if (!parsed.sections) return { ...parsed, sources: parsed.sources ?? [] }
    const { encodedMap, FlattenMap } = await import('@jridgewell/trace-mapping')
    return { ...encodedMap(FlattenMap(map.toString())) } as ParsedMap
  } catch (cause) {
    throw new MapsealError('sentry-compat', `${file} is not a source map, so it cannot be rewritten.`, { cause })
  }
}

async function readSource(source: string | null, { sourceRoot = '' }: ParsedMap, file: string): Promise<string | null> {
  if (!source || /^[a-z][\w+.-]+:/i.test(source)) return null
  return readFile(resolve(dirname(file), sourceRoot, source), 'utf8').catch(() => null)
}

function stripped(source: string, prefixes: string[]): string {
  const prefix = prefixes.find(prefix => source.startsWith(prefix))
  return prefix === undefined ? source : source.slice(prefix.length).replace(/^\//, '')
}

/** The folder that all names are in. */
function commonPrefix(sources: (string | null)[]): string {
  const names = sources.filter(source => source !== null)
  const [first = ''] = names
  const parts = first.split('/').slice(0, -1)
  while (parts.length > 0 && !names.every(name => name.startsWith(`${parts.join('/')}/`))) parts.pop()
  return parts.length > 0 ? `${parts.join('/')}/` : ''
}

async function requireValid(map: Buffer, file: string): Promise<void> {
  const { validateMap } = await import('@mapseal/core/folder')
  const [problem] = validateMap(map)
  if (problem)
    throw new MapsealError(
      'sentry-compat',
      `${file} is not valid: ${problem.path} ${problem.message}. Nothing is uploaded.`,
    )
}
