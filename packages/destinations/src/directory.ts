import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Destination, MapsealError, reason } from '@mapseal/core'

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
 * `<path>/<release>/<file>.map`, or `<path>/<debug ID>.map`.
 */
export function directory({ path, layout = 'release' }: DirectoryOptions): Destination {
  return {
    name: 'directory',
    identity: `${layout} ${path}`,
    async deliver(build, artifacts, { signal }) {
      let count = 0
      for await (const { path: file, debugId, map } of artifacts) {
        signal.throwIfAborted()
        if (!map) continue
        const release = encodeURIComponent(build.release?.name ?? build.id)
        await write(resolve(path, layout === 'release' ? join(release, `${file}.map`) : `${debugId}.map`), map)
        count += 1
      }
      return { artifacts: count }
    },
  }
}

/** A reader sees the whole file or none. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(`${path}.part`, bytes)
    await rename(`${path}.part`, path)
  } catch (cause) {
    throw new MapsealError('directory', `${path} cannot be written: ${reason(cause)}. Make its folder writable.`, {
      cause,
    })
  }
}
