import { randomBytes } from 'node:crypto'
import { access, mkdir, open, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { MapsealError, reason } from '../errors.ts'

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
 * Whoever looks sees the whole file or none, even after a crash.
 * @throws MapsealError that says how to get room where the folder is read-only or full
 */
export async function writeAtomically(vault: string, path: string, content: Uint8Array | string): Promise<void> {
  const aside = join(vault, 'tmp', `${randomBytes(8).toString('hex')}.${process.pid}.${hostname()}`)
  try {
    await ensureVault(vault)
    await mkdir(dirname(path), { recursive: true })
    const file = await open(aside, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, path)
  } catch (cause) {
    await rm(aside, { force: true }).catch(() => {}) // The first error is the one to tell.
    throw new MapsealError(
      'vault',
      `${vault} cannot be written: ${reason(cause)}. Make room or make it writable, or name another folder in "vault" or MAPSEAL_VAULT.`,
      { cause },
    )
  }
}

/** Git must never see a vault: it holds sources. */
async function ensureVault(vault: string): Promise<void> {
  await mkdir(join(vault, 'tmp'), { recursive: true })
  const ignore = join(vault, '.gitignore')
  if (!(await exists(ignore))) await writeFile(ignore, '*\n')
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
