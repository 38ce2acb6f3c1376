import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { MapsealError, reason } from '@mapseal/core'

/** What Windows keeps for devices, with or without an extension. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i

/** The same name, percent-encoded where it would lead elsewhere, or be none. */
export function inside(name: string): string {
  const plain = name.replace(/[\0\\:*?"<>|]/g, encodeCharacter)
  if (/^\.{1,2}$/.test(plain)) return plain.replaceAll('.', encodeCharacter)
  return device.test(plain) ? plain.replace(/^./, encodeCharacter) : plain.replace(/[. ]$/, encodeCharacter)
}

function encodeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** A reader sees the whole file or none. */
export async function writeFolderFile(part: string, path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(`${path}.part`, bytes)
    await rename(`${path}.part`, path)
  } catch (cause) {
    throw new MapsealError(part, `${path} cannot be written: ${reason(cause)}. Make its folder writable.`, {
      cause,
    })
  }
}
