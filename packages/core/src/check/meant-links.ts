import { resolveLink } from '../inject/link.ts'
import type { ResolvedOptions } from '../options.ts'
import type { BuildRecord } from '../types.ts'
import type { IsMeant } from './sealed.ts'

/** Links of the option `link`, as it is now or as builds in the vault had it. */
export function meantLinks(
  { link, urls }: Partial<Pick<ResolvedOptions, 'link' | 'urls'>>,
  records: BuildRecord[],
): IsMeant {
  const recorded = new Set(records.flatMap(({ files }) => files.flatMap(file => file.link ?? [])))
  return (url, { path, debugIds }) =>
    recorded.has(url) ||
    (link !== undefined && debugIds.some(debugId => resolveLink(link, { path, debugId }, urls) === url))
}
