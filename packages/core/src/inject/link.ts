import type { Urls } from '../deliver/urls.ts'
import { encodePath, resolveUrls } from '../deliver/urls.ts'
import { MapsealError, reason } from '../errors.ts'
import { placeholderId } from './debug-id.ts'

/** Where scripts say that their source maps are: a URL with `{debugId}` or `{path}` in it, or a function that makes one. */
export type Link = string | ((script: LinkedScript) => string | undefined)

export interface LinkedScript {
  /** Relative to the output folder, with forward slashes. */
  path: string
  debugId: string
}

const advice = 'Write one such as "https://maps.example.internal/{debugId}.map".'

/**
 * The URL in the comment of a script.
 *
 * @param urls where scripts are loaded from, if that is known
 * @throws MapsealError for one that is not absolute, names a password, or leads into the output
 */
export function resolveLink(link: Link, script: LinkedScript, urls?: Urls): string | undefined {
  const text = typeof link === 'function' ? link({ ...script }) : filled(link, script)
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : refuse(text, 'is not an absolute URL, so it leads into the output')
  if (!/^https?:$/.test(url.protocol)) refuse(text, 'is neither http: nor https:')
  if (url.username || url.password) refuse(text, 'has a password, which everyone could read')
  if (leadsBeside(url, script.path, urls)) refuse(text, 'is where the output itself would have the map')
  // The comment ends at a quote, and a URL may hold these.
  return url.href.replaceAll("'", '%27').replaceAll('`', '%60')
}

function filled(link: string, { path, debugId }: LinkedScript): string {
  const values: Record<string, string> = { debugId, path: encodePath(path) }
  return link.replace(/\{([^{}]*)\}/g, (found, name: string) => values[name] ?? refuse(link, `has ${found} in it`))
}

function leadsBeside(url: URL, path: string, urls: Urls | undefined): boolean {
  const scripts = urls === undefined ? [] : resolveUrls(urls, path)
  const plain = (text: string) => (URL.canParse(text) ? new URL(text).host + new URL(text).pathname : text)
  return scripts.some(script => `${plain(script)}.map` === url.host + url.pathname)
}

function refuse(link: unknown, what: string): never {
  throw new MapsealError('options', `"link" gives ${JSON.stringify(link)}, which ${what}. ${advice}`)
}

/** @throws MapsealError for what can never be the link of each script */
export function checkLink(link: Link | undefined): void {
  if (link === undefined || typeof link === 'function') return
  if (typeof link !== 'string') throw new MapsealError('options', `"link" takes a URL, or a function. ${advice}`)
  if (!/\{(?:debugId|path)\}/.test(link)) refuse(link, 'is the same for all scripts')
  resolveLink(link, { path: 'main.js', debugId: placeholderId })
}

/** What the names of files depend on, since all have a link: the text of a function alone does not say what it refers to. */
export function linkSeed(link: Link | undefined): string {
  if (typeof link !== 'function') return link ?? ''
  try {
    return `${link}${link({ path: 'main.js', debugId: placeholderId })}`
  } catch (cause) {
    return `${link}${reason(cause)}`
  }
}
