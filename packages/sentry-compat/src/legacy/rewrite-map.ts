import { MapsealError } from '@mapseal/core'
import type { IncludeEntry } from '../options.ts'

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
  const parsed = await rewritten(map, file)
  const sources = parsed.sources ?? []
  const prefixes = [...(entry.stripPrefix ?? []), ...(entry.stripCommonPrefix ? ['~'] : [])]
  const texts = prefixes.map(prefix => (prefix === '~' ? commonPrefix(sources) : prefix)).filter(Boolean)
  return Buffer.from(JSON.stringify({ ...parsed, sources: sources.map(source => source && stripped(source, texts)) }))
}

async function rewritten(map: Buffer, file: string): Promise<{ sources?: (string | null)[] }> {
  const { rewriteMap } = await import('@mapseal/core/folder')
  try {
    return JSON.parse((await rewriteMap(map, file)).toString())
  } catch (cause) {
    throw new MapsealError('sentry-compat', `${file} is not a source map, so it cannot be rewritten.`, { cause })
  }
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
