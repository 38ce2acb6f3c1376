import { flattenMap } from './flatten.ts'
import { withSources } from './with-sources.ts'

/**
 * What sentry-cli calls rewriting: a map without sections, and with the contents of sources that are on this disk.
 *
 * @param file where the map is, absolute
 * @throws SyntaxError where it is not a source map
 */
export async function rewriteMap(map: Buffer, file: string): Promise<Buffer> {
  return withSources(flattenMap(map), file)
}
