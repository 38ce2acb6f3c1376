import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writevSync,
} from 'node:fs'
import { access, readFile, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { MapsealError, reason } from '../errors.ts'
import { withLock } from './lock.ts'
import type { StoreWriter } from './store.ts'
import { temporaryName } from './temporary.ts'

/** Pieces are collected up to so many bytes: a system call for each would cost more than their bytes. */
const writeBytes = 1 << 20
const sync = promisify(fsync)

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Marks a file as in use now, so that pruning spares it; false where there is none, or none of `least` bytes. */
export async function touch(path: string, least: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (!found || found.size < least) return false
  const now = new Date()
  return utimes(path, now, now).then(
    () => true,
    () => exists(path),
  )
}

/**
 * A file that is written aside, synced and renamed: a reader sees all of it or none, even after a crash. Most calls are
 * synchronous because each takes microseconds, and five times that by way of the thread pool (measured).
 * @throws MapsealError that says how to get room where the folder is read-only or full
 */
export function writeAside(vault: string, path: string): StoreWriter {
  const aside = join(vault, 'tmp', temporaryName(randomBytes(8).toString('hex')))
  let file: number | undefined
  let isAside = false
  let pieces: Uint8Array[] = []
  let size = 0
  /** Folders that got a new entry. */
  const changed = new Set<string>([dirname(path)])

  function flush(): number {
    if (file === undefined) {
      for (const folder of ensureVault(vault)) changed.add(folder)
      file = openSync(aside, 'wx')
      isAside = true
    }
    writeAll(file, pieces)
    pieces = []
    size = 0
    return file
  }

  function close(): void {
    const open = file
    file = undefined
    if (open !== undefined) closeSync(open)
  }

  function discard(): void {
    close()
    if (isAside) rmSync(aside, { force: true })
    isAside = false
  }

  async function guarded<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (cause) {
      discard()
      throw unwritable(vault, cause)
    }
  }

  return {
    append: bytes =>
      guarded(() => {
        pieces.push(bytes)
        size += bytes.length
        if (size >= writeBytes) flush()
      }),
    commit: () =>
      guarded(async () => {
        await sync(flush())
        close()
        for (const folder of makeFolder(dirname(path))) changed.add(folder)
        renameSync(aside, path)
        isAside = false
        for (const folder of changed) await syncFolder(folder)
      }),
    discard: async () => discard(),
  }
}

/**
 * Changes a file while no other process does so.
 * @throws MapsealError as `writeAside`
 */
export async function updateFile(
  vault: string,
  key: string,
  change: (bytes: Buffer | undefined) => Uint8Array | undefined,
): Promise<void> {
  const path = join(vault, key)
  const update = async (isHeld: () => boolean) => {
    const changed = change(await readIfThere(path))
    if (!changed) return true
    const file = writeAside(vault, path)
    await file.append(changed)
    if (!isHeld()) await file.discard()
    else await file.commit()
    return isHeld()
  }
  try {
    while (!(await lockedIn(vault, key, update)));
  } catch (cause) {
    if (cause instanceof MapsealError || cause instanceof SyntaxError) throw cause
    // Where there is nothing to change, a vault that cannot be written will do.
    if (change(await readIfThere(path))) throw unwritable(vault, cause)
  }
}

/** Not amid an update, which would bring the file back. @throws MapsealError as `writeAside` */
export async function deleteFile(vault: string, key: string): Promise<void> {
  const path = join(vault, key)
  if (!existsSync(path)) return
  await lockedIn(vault, key, async () => rmSync(path, { force: true })).catch(cause => {
    throw unwritable(vault, cause)
  })
}

function lockedIn<Result>(
  vault: string,
  key: string,
  work: (isHeld: () => boolean) => Promise<Result>,
): Promise<Result> {
  return withLock(join(vault, 'tmp'), () => void ensureVault(vault), key, work)
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (cause) {
    if (isAbsent(cause)) return undefined
    throw cause
  }
}

function isAbsent(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')
}

function unwritable(vault: string, cause: unknown): MapsealError {
  return new MapsealError(
    'vault',
    `${vault} cannot be written: ${reason(cause)}. Make room or make it writable, or name another folder in "vault" or MAPSEAL_VAULT.`,
    { cause },
  )
}

function writeAll(file: number, pieces: Uint8Array[]): void {
  let rest = pieces
  while (rest.length > 0) {
    let written = writevSync(file, rest.slice(0, 512))
    // A full disk takes a part first, and then throws.
    rest = rest.flatMap(piece => {
      const taken = Math.min(written, piece.length)
      written -= taken
      return taken === piece.length ? [] : [piece.subarray(taken)]
    })
  }
}

/** Git must never see a vault: it holds sources. @returns as `makeFolder` */
function ensureVault(vault: string): string[] {
  const changed = makeFolder(join(vault, 'tmp'))
  const ignore = join(vault, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
  return changed
}

/** @returns the folders that got a new entry by it */
function makeFolder(folder: string): string[] {
  const first = mkdirSync(folder, { recursive: true })
  const changed: string[] = []
  if (first === undefined) return changed
  for (let each = folder; each.length >= first.length; each = dirname(each)) changed.push(dirname(each))
  return changed
}

/** Without it a crash may take back the rename of a file whose bytes are safe. Windows has no such call for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  let opened: number | undefined
  try {
    opened = openSync(folder, 'r')
    await sync(opened)
  } catch (cause) {
    if (!isUnsupported(cause)) throw cause
  } finally {
    if (opened !== undefined) closeSync(opened)
  }
}

/** Some file systems on a network sync files alone; and a folder may be one that can be entered, but not be read. */
function isUnsupported(cause: unknown): boolean {
  const codes = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EPERM']
  return codes.includes((cause as NodeJS.ErrnoException).code ?? '')
}
