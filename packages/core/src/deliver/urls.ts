import type { DeliveryContext } from './destination.ts'

/** Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several. */
export type Urls = string | ((path: string) => string | string[])

/** The URLs of a script, as browsers show them in stacks; none where the function gives none. @param path relative to the output folder */
export function resolveUrls(urls: Urls, path: string): string[] {
  if (typeof urls === 'function') return [urls(path)].flat().filter(url => typeof url === 'string' && url.trim() !== '')
  return [`${urls.replace(/\/+$/, '')}/${encodePath(path)}`]
}

/** What destinations call for the URLs of a script: nothing where the option is not set. */
export function urlsContext(urls: Urls | undefined): Pick<DeliveryContext, 'urls'> {
  return urls === undefined ? {} : { urls: path => resolveUrls(urls, path) }
}

/** As browsers write it, who leave brackets alone. */
export function encodePath(path: string): string {
  return encodeURI(path)
    .replace(/[?#]/g, encodeURIComponent)
    .replace(/%5[BD]/g, decodeURIComponent)
}
