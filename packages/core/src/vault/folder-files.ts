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
import { access, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { MapsealError, reason } from '../errors.ts'
import type { StoreWriter } from './store.ts'

/** Pieces are collected up to so many bytes: a system call for each would cost more than their bytes. */
const writeBytes = 1 << 20
const sync = promisify(fsync)

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Marks a file as in use now, so that pruning spares it; false where there is none. */
export async function touch(path: string): Promise<boolean> {
  const now = new Date()
  return utimes(path, now, now).then(
    () => true,
    () => exists(path),
  )
}

/**
 * A file that is written aside, synced and renamed: a reader sees all of it or none, even after a crash. The calls
 * are synchronous because each takes microseconds, and five times that by way of the thread pool (measured).
 * @throws MapsealError that says how to get room where the folder is read-only or full
 */
export function writeAside(vault: string, path: string): StoreWriter {
  const aside = join(vault, 'tmp', `${randomBytes(8).toString('hex')}.${process.pid}.${hostname()}`)
  let file: number | undefined
  let pieces: Uint8Array[] = []
  let size = 0

  function flush(): number {
    if (file === undefined) {
      ensureVault(vault)
      file = openSync(aside, 'wx')
    }
    writeAll(file, pieces)
    pieces = []
    size = 0
    return file
  }

  function discard(): void {
    if (file === undefined) return
    closeSync(file)
    file = undefined
    rmSync(aside, { force: true })
  }

  async function guarded<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (cause) {
      discard()
      throw new MapsealError(
        'vault',
        `${vault} cannot be written: ${reason(cause)}. Make room or make it writable, or name another folder in "vault" or MAPSEAL_VAULT.`,
        { cause },
      )
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
        closeSync(file as number)
        file = undefined
        mkdirSync(dirname(path), { recursive: true })
        renameSync(aside, path)
      }),
    discard: async () => discard(),
  }
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

/** Git must never see a vault: it holds sources. */
function ensureVault(vault: string): void {
  mkdirSync(join(vault, 'tmp'), { recursive: true })
  const ignore = join(vault, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
}

/** Whether a file in `tmp/` belongs to a process of this machine that is gone: it was killed. */
export function isAbandoned(name: string): boolean {
  const [, pid = '', ...host] = name.split('.')
  return host.join('.') === hostname() && !isRunning(Number(pid))
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
