import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { reason } from '@mapseal/core'
import * as yauzl from 'yauzl'
import { collect } from '../http/body.ts'
import type { Limits } from '../limits.ts'
import { BundleFault } from './bundle-fault.ts'
import { type Manifest, parseManifest } from './manifest.ts'

/** An artifact bundle. Nothing in it is unpacked to disk, so that its names are never used as paths. */
export interface Bundle {
  manifest: Manifest
  /** The entry's unpacked size in bytes. */
  sizeOf(entry: string): number
  /** @throws BundleFault */
  read(entry: string): Promise<Buffer>
}

const fromFd = promisify<number, yauzl.Options, yauzl.ZipFile>(yauzl.fromFd)

const manifestName = 'manifest.json'
/** Entries that unpack to no more than this may have any ratio. */
const smallBytes = 1 << 20

/** @param fd stays open. @throws BundleFault */
export async function openBundle(fd: number, limits: Limits): Promise<Bundle> {
  const zip = await guard('it is not a ZIP archive', () =>
    fromFd(fd, { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true }),
  )
  const entries = await guard('its directory cannot be read', () => listEntries(zip, limits))

  async function read(name: string): Promise<Buffer> {
    const entry = entries.get(name)
    if (!entry) throw fault(`${printed(name)} is missing`)
    const bytes = await guard(`${printed(name)} cannot be unpacked`, async () =>
      collect(await zip.openReadStreamPromise(entry), entry.uncompressedSize),
    )
    if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32)
      throw fault(`${printed(name)} is damaged`)
    return bytes
  }

  const manifestSize = entries.get(manifestName)?.uncompressedSize ?? 0
  if (manifestSize > limits.manifestBytes) throw fault(`its manifest exceeds ${limits.manifestBytes} bytes`)
  const manifest = parseManifest((await read(manifestName)).toString('utf8'))
  const missing = manifest.files.find(({ entry }) => !entries.has(entry))
  if (missing) throw fault(`${printed(missing.entry)} is missing`)
  return { manifest, read, sizeOf: name => entries.get(name)?.uncompressedSize ?? 0 }
}

async function listEntries(zip: yauzl.ZipFile, limits: Limits): Promise<Map<string, yauzl.Entry>> {
  if (zip.entryCount > limits.entries) throw fault(`it has more than ${limits.entries} entries`)
  const entries = new Map<string, yauzl.Entry>()
  let total = 0
  for await (const entry of zip.eachEntry()) {
    const { fileName, uncompressedSize, compressedSize } = entry
    if (fileName.endsWith('/')) continue
    checkKind(entry)
    if (uncompressedSize > limits.fileBytes) {
      throw new BundleFault(
        `File ${printed(fileName)} exceeds maximum size (${uncompressedSize} > ${limits.fileBytes})`,
      )
    }
    total += uncompressedSize
    if (total > limits.unpackedBytes) throw fault(`it unpacks to more than ${limits.unpackedBytes} bytes`)
    if (uncompressedSize > smallBytes && uncompressedSize > compressedSize * limits.ratio) {
      throw fault(`${printed(fileName)} is compressed more than ${limits.ratio} times`)
    }
    if (entries.has(fileName)) throw fault(`${printed(fileName)} is in it twice`)
    if (entries.size >= limits.entries) throw fault(`it has more than ${limits.entries} entries`)
    entries.set(fileName, entry)
  }
  return entries
}

/** The file type in the Unix mode, which is in the upper half of the attributes. */
const kindMask = 0o170000
const regularFile = 0o100000

function checkKind(entry: yauzl.Entry): void {
  const kind = (entry.externalFileAttributes >>> 16) & kindMask
  // Archives of other systems leave it empty.
  if (kind !== 0 && kind !== regularFile) throw fault(`${printed(entry.fileName)} is a link or a device`)
  const isReadable = entry.compressionMethod === 0 || entry.compressionMethod === 8
  if (entry.isEncrypted() || !isReadable) throw fault(`${printed(entry.fileName)} is neither stored nor deflated`)
}

async function guard<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof BundleFault) throw cause
    throw fault(`${what} (${reason(cause).slice(0, 200)})`)
  }
}

function printed(name: string): string {
  return JSON.stringify(name.slice(0, 80))
}

function fault(what: string): BundleFault {
  return new BundleFault(`the bundle is invalid: ${what}`)
}
