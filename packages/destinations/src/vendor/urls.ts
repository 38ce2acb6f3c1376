import { type BuildRecord, type DeliveryContext, MapsealError, resolveUrls, type Urls } from '@mapseal/core'

export interface UrlsOption {
  /**
   * Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several.
   * @default the option `urls` of `mapseal()`
   */
  urls?: Urls
}

/**
 * The URLs of a file, as they are in stacks: by the destination's own `urls`, else by those of all destinations. The prefix that a
 * command was given goes before both.
 *
 * @throws MapsealError where none is set
 */
export function urlsOf(
  part: string,
  path: string,
  { urls: own }: UrlsOption,
  { urlPrefix }: Pick<BuildRecord, 'urlPrefix'>,
  { urls }: Pick<DeliveryContext, 'urls'>,
): string[] {
  const given = urlPrefix ?? own
  const found = given === undefined ? urls?.(path) : resolveUrls(given, path)
  if (found && found.length > 0) return found
  const advice = "Set the option `urls` of mapseal(), such as urls: 'https://shop.example/'."
  throw new MapsealError(part, `It finds source maps by URL, and ${path} has none. ${advice}`)
}
