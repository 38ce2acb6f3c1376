import { reason } from '../errors.ts'
import type { BuildRecord, FileRecord } from '../types.ts'
import type { Destination } from './destination.ts'
import { type Urls, urlsContext } from './urls.ts'

/** The map that a destination takes for a frame's URL, or why it takes none. */
export type Match =
  | { destination: string; by: 'debug ID' | 'URL'; file: FileRecord }
  | { destination: string; by: 'nothing'; reason: string }

/** What each destination does with a frame of a stack, by the frame's URL and the files of a build. */
export function matchUrl(url: string, build: BuildRecord, destinations: Destination[], urls?: Urls): Match[] {
  const plain = url.replace(/[?#].*$/, '')
  const context = urlsContext(urls)
  const files = build.files.filter(file => file.map)
  return destinations
    .filter(({ isSnippetOnly }) => !isSnippetOnly)
    .map(({ name: destination, matches }) => {
      try {
        const file = files.find(({ path }) =>
          matches ? matches(path, build, context).some(pattern => isMatch(plain, pattern)) : isServedAs(plain, path),
        )
        if (file) return { destination, by: matches ? 'URL' : 'debug ID', file }
        return {
          destination,
          by: 'nothing',
          reason: whyNot(matches && files.flatMap(({ path }) => matches(path, build, context))),
        }
      } catch (cause) {
        return { destination, by: 'nothing', reason: reason(cause) }
      }
    })
}

/** The debug ID is in the script; the URL only says which script that is. */
function isServedAs(url: string, path: string): boolean {
  const served = URL.canParse(url) ? new URL(url).pathname : url
  return decodeURI(served).endsWith(`/${path}`) || served === path
}

function isMatch(url: string, pattern: string): boolean {
  const source = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${source.join('.*')}$`)
  // A pattern of a path alone is not encoded.
  return expression.test(url) || expression.test(decodeURI(url))
}

function whyNot(urls: string[] | undefined): string {
  if (!urls) return 'No script of the build has a path that the URL ends in.'
  return `No map has this URL. Theirs are ${urls.slice(0, 3).join(', ')}${urls.length > 3 ? ' and others' : ''}.`
}

/** By destination and path: the URLs in stacks for which it takes the map. Only of those that go by URL. */
export type UrlPreview = Record<string, Record<string, string[]>>

export function previewUrls(
  build: Pick<BuildRecord, 'release' | 'urlPrefix'> & { files: { path: string; map?: unknown }[] },
  destinations: Destination[],
  urls?: Urls,
): UrlPreview {
  const context = urlsContext(urls)
  const paths = build.files.filter(({ map }) => map).map(({ path }) => path)
  const preview: UrlPreview = {}
  for (const { name, matches } of destinations) {
    if (!matches) continue
    try {
      preview[name] = Object.fromEntries(paths.map(path => [path, matches(path, build as BuildRecord, context)]))
    } catch {
      // Its delivery says what is missing.
    }
  }
  return preview
}
