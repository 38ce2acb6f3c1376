import { findSecrets, type SecretValue } from './scan.ts'

/** Where a secret stands, for people: `src/config.ts:12`. Only once one was found: it parses the map. */
export function placesOfSecrets(map: Buffer, values: readonly SecretValue[]): { name: string; place: string }[] {
  try {
    return placesIn(JSON.parse(map.toString('utf8')), values)
  } catch {
    return [] // What is wrong with the map is reported elsewhere.
  }
}

interface ParsedMap {
  sources?: (string | null)[]
  sourcesContent?: (string | null)[]
  sections?: { map: ParsedMap }[]
}

function placesIn(
  { sources = [], sourcesContent = [], sections = [] }: ParsedMap,
  values: readonly SecretValue[],
): { name: string; place: string }[] {
  const own = sourcesContent.flatMap((content, index) => {
    const bytes = Buffer.from(content ?? '')
    return findSecrets(bytes, values, false).map(({ name, start }) => {
      const line = bytes.subarray(0, start).toString('latin1').split('\n').length
      return { name, place: `${sources[index] ?? 'a source without a name'}:${line}` }
    })
  })
  return [...own, ...sections.flatMap(({ map }) => placesIn(map, values))]
}
