import { createHash, randomBytes, randomInt } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, processSpace } from './process.ts'
import { temporaryName } from './temporary.ts'

/** A lock is held for milliseconds. One that is watched for longer than this is of a process that cannot be looked up. */
const patienceMs = 30_000

/**
 * Runs `work` while no other process does so for the same key. Each contender makes a file of its own in `tmp`, and has the
 * lock once it finds no other: of two, one made its file before the other looked. Names are never used again, so that the file
 * of a process which was killed can be ignored, and deleted, without a race.
 *
 * @param folder the vault's `tmp`
 * @param makeFolder is called if there is none
 * @param work calls `isHeld` before it writes; if it returns false, the lock was taken from a process that was halted
 */
export async function withLock<Result>(
  folder: string,
  makeFolder: () => void,
  key: string,
  work: (isHeld: () => boolean) => Promise<Result>,
): Promise<Result> {
  const prefix = `lock-${createHash('sha256').update(key).digest('hex').slice(0, 16)}-`
  const firstSeen = new Map<string, number>()
  for (;;) {
    const name = temporaryName(`${prefix}${threadId()}-${randomBytes(8).toString('hex')}`)
    const path = join(folder, name)
    create(path, makeFolder)
    heldLocks().add(name)
    try {
      if (await isAlone(folder, prefix, name, firstSeen)) return await work(() => existsSync(path))
    } finally {
      heldLocks().delete(name)
      remove(path)
    }
    await sleep(randomInt(2, 20))
  }
}

function create(path: string, makeFolder: () => void): void {
  try {
    closeSync(openSync(path, 'wx'))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    makeFolder()
    closeSync(openSync(path, 'wx'))
  }
}

/** As `rmSync` with `force`, in one call. */
function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
  }
}

/** Waits for contenders with later names, which give way, and gives way to those with earlier ones. */
async function isAlone(folder: string, prefix: string, own: string, firstSeen: Map<string, number>): Promise<boolean> {
  for (;;) {
    const others = readdirSync(folder).filter(name => name.startsWith(prefix) && name !== own)
    const living = others.filter(name => isLiving(name, firstSeen))
    for (const name of others) if (!living.includes(name)) remove(join(folder, name))
    if (living.length === 0) return true
    if (living.some(name => name < own)) return false
    await sleep(randomInt(2, 10))
  }
}

function isLiving(name: string, firstSeen: Map<string, number>): boolean {
  const [id = '', pid, space] = name.split('.')
  const thread = Number(id.split('-')[2])
  if (space === processSpace()) {
    if (!isRunning(Number(pid))) return false
    if (Number(pid) === process.pid && thread === threadId()) return heldLocks().has(name)
  }
  const now = performance.now()
  const since = firstSeen.get(name) ?? now
  firstSeen.set(name, since)
  return now - since < patienceMs
}

// Imported on top, `node:worker_threads` would cost every configuration file that imports the plugin 2 ms.
function threadId(): number {
  return process.getBuiltinModule('node:worker_threads').threadId
}

const state: unique symbol = Symbol.for('mapseal/1 held locks') as never

/** Those of this thread, also of a second copy of this module: a file may outlive its lock if deleting it failed. */
function heldLocks(): Set<string> {
  const scope = globalThis as { [state]?: Set<string> }
  scope[state] ??= new Set()
  return scope[state]
}
