import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type BuildRecord, type Destination, MapsealError, reason } from '@mapseal/core'

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
    async deliver(build, artifacts, { signal }) {
      let count = 0
      for await (const { path: file, debugId, map } of artifacts) {
        signal.throwIfAborted()
        if (!map) continue
        await write(resolve(path, layout === 'release' ? pathInRelease(build, file) : `${debugId}.map`), map)
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

/** What Windows keeps for devices, with or without an extension. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i

/** The same name, percent-encoded where it would lead elsewhere, or be none. */
function inside(name: string): string {
  const plain = name.replace(/[\0\\:*?"<>|]/g, encodeCharacter)
  if (/^\.{1,2}$/.test(plain)) return plain.replaceAll('.', encodeCharacter)
  return device.test(plain) ? plain.replace(/^./, encodeCharacter) : plain.replace(/[. ]$/, encodeCharacter)
}

function encodeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
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
