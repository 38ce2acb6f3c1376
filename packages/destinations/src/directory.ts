import { join, resolve } from 'node:path'
import type { BuildRecord, Destination } from '@mapseal/core'
import { inside, writeFolderFile } from './vendor/folder-file.ts'

export interface DirectoryOptions {
  /** The folder, relative to the working folder. */
  path: string
  /**
   * Lay files out by release, then path, or by debug ID.
   * @default 'release'
   */
  layout?: 'release' | 'debug-id'
}

/**
 * Copies source maps into a folder, say one that a private host serves:
 * `<path>/<release>/<file>.map` (`<path>/<release>@<dist>/…` if it has a dist), or
 * `<path>/<debug ID>.map`.
 */
export function directory({ path, layout = 'release' }: DirectoryOptions): Destination {
  return {
    name: 'directory',
    identity: `${layout} ${path}`,
    async deliver(build, artifacts, { signal, isDryRun, logger }) {
      let count = 0
      for await (const { path: file, debugId, map } of artifacts) {
        signal.throwIfAborted()
        if (!map) continue
        const name = layout === 'release' ? pathInRelease(build, file) : `${debugId}.map`
        if (isDryRun) logger.info(`[directory] write ${resolve(path, name)} (${map.length} bytes)`)
        else await writeFolderFile('directory', resolve(path, name), map)
        count += 1
      }
      return { artifacts: count }
    },
  }
}

/** `@` is encoded in names, so no release is taken for another one's dist. */
function pathInRelease({ id, release }: BuildRecord, file: string): string {
  const dist = release?.dist === undefined ? '' : `@${encodeURIComponent(release.dist)}`
  const folder = encodeURIComponent(release?.name ?? id) + dist
  return join(inside(folder), ...`${file}.map`.split('/').map(inside))
}
