import type { SentryServer } from '../../../test/support/sentry-server.ts'

/** A file that the server has been given. */
export interface Uploaded {
  url: string
  debugId: string
  text: string
}

/** All files of all bundles, by URL. */
export function uploadedFiles({ bundles }: SentryServer): Uploaded[] {
  const files = [...bundles.values()].flatMap(({ manifest, entries }) =>
    Object.entries(manifest.files).map(([name, { url, headers }]) => ({
      url,
      debugId: headers['debug-id'] ?? '',
      text: entries.get(name)?.toString() ?? '',
    })),
  )
  return files.sort((a, b) => (a.url < b.url ? -1 : 1))
}

export const uploadedNames = (server: SentryServer): string[] => uploadedFiles(server).map(({ url }) => url)

export function uploadedMaps(server: SentryServer): { url: string; sources: string[] }[] {
  const maps = uploadedFiles(server).filter(({ url }) => url.endsWith('.map'))
  return maps.map(({ url, text }) => ({ url, ...JSON.parse(text) }))
}
