import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { sep } from 'node:path'

/** What happens at the operation after the last that is let through. Nothing in the folders changes from then on. */
export type End = 'nothing is done' | 'half is written' | 'the process is killed'

/** The operations in some folders that change something. */
export interface WatchedFolders {
  /** Those that were let through. */
  done: number
  hasStopped: boolean
  /** The one that was not, such as `renameSync a.js`. */
  stoppedAt: string | undefined
  wasWrite: boolean
}

interface Watch extends WatchedFolders {
  prefixes: string[]
  /** How many are let through. */
  limit: number
  end: End
}

type Call = (...args: never[]) => unknown

/** By what of their arguments is changed. Those on a descriptor are looked up by it. */
const byFirst = ['writeFile', 'appendFile', 'mkdir', 'rm', 'rmdir', 'unlink', 'truncate', 'utimes', 'chmod']
const bySecond = ['rename', 'link', 'symlink', 'copyFile', 'cp']
const byDescriptor = ['write', 'writev', 'ftruncate', 'fsync', 'fdatasync', 'futimes']
const ofHandle = ['write', 'writev', 'writeFile', 'appendFile', 'truncate', 'sync', 'datasync', 'utimes']
const writes = /^(?:write|append)/

const watches: Watch[] = []
const descriptors = new Map<number, string>()
const original = { ...fs }

/** Stops what happens in some folders after `limit` operations; what others were given before stays in force. */
export function watchFolders(folders: string[], limit: number, end: End): WatchedFolders {
  const prefixes = folders.map(folder => folder + sep)
  const watch = { prefixes, limit, end, done: 0, hasStopped: false, stoppedAt: undefined, wasWrite: false }
  watches.push(watch)
  return watch
}

/** Lets everything happen again. */
export function unwatch(watch: WatchedFolders): void {
  watches.splice(watches.indexOf(watch as Watch), 1)
}

/** Wraps every function of `node:fs` and `node:fs/promises` that changes something. To be called before bundlers are loaded. */
export function wrapFileSystem(): void {
  for (const name of [...byFirst, ...bySecond, ...byDescriptor]) {
    const place = byFirst.includes(name) ? 0 : bySecond.includes(name) ? 1 : 'descriptor'
    wrap(fs, `${name}Sync`, args => begin(`${name}Sync`, args, place), 'throws')
    wrap(fs, name, args => begin(name, args, place), 'calls back')
    if (place !== 'descriptor') wrap(fs.promises, name, args => begin(name, args, place), 'rejects')
  }
  wrapOpen()
  syncBuiltinESMExports()
}

function wrap(
  module: object,
  name: string,
  refuse: (args: unknown[]) => Error | undefined,
  way: 'throws' | 'calls back' | 'rejects',
): void {
  const functions = module as Record<string, Call>
  const call = functions[name]
  if (!call) return
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const error = refuse(args)
    if (!error) return call.apply(this, args as never[])
    if (way === 'throws') throw error
    if (way === 'rejects') return Promise.reject(error)
    process.nextTick(args.at(-1) as (error: Error) => void, error)
    return undefined
  }
  functions[name] = Object.assign(wrapped, call)
}

/** Descriptors and handles are remembered by their path. */
function wrapOpen(): void {
  const { openSync, open } = fs
  const openHandle = fs.promises.open
  fs.openSync = (path, flags = 'r', mode) => {
    const error = refuseOpen('openSync', path, flags)
    if (error) throw error
    return remember(openSync(path, flags, mode), path)
  }
  fs.open = ((...args: unknown[]) => {
    const done = args.pop() as (error: Error | null, descriptor?: number) => void
    const error = refuseOpen('open', args[0], args[1])
    if (error) process.nextTick(done, error)
    else
      Reflect.apply(open, fs, [
        ...args,
        (cause: Error | null, descriptor?: number) =>
          done(cause, descriptor === undefined ? undefined : remember(descriptor, args[0])),
      ])
  }) as typeof fs.open
  fs.promises.open = async (path, flags, mode) => {
    const error = refuseOpen('open', path, flags)
    if (error) throw error
    const handle = await openHandle(path, flags, mode)
    remember(handle.fd, path)
    const { fd } = handle
    for (const name of ofHandle) wrap(handle, name, args => begin(name, [fd, ...args], 'descriptor'), 'rejects')
    return handle
  }
}

function refuseOpen(name: string, path: unknown, flags: unknown): Error | undefined {
  const { O_WRONLY, O_RDWR, O_CREAT } = fs.constants
  const isForWriting =
    typeof flags === 'number' ? (flags & (O_WRONLY | O_RDWR | O_CREAT)) !== 0 : /[wax+]/.test(`${flags}`)
  return isForWriting ? begin(name, [path], 0) : undefined
}

function remember(descriptor: number, path: unknown): number {
  descriptors.set(descriptor, String(path))
  return descriptor
}

/** Counts an operation. @returns what it fails with, if it must not be done */
function begin(name: string, args: unknown[], place: 0 | 1 | 'descriptor'): Error | undefined {
  const given = args[place === 'descriptor' ? 0 : place]
  const path = typeof given === 'number' ? (descriptors.get(given) ?? '') : String(given)
  const isIn = (prefix: string) => path.startsWith(prefix) || path + sep === prefix
  const watch = watches.find(({ prefixes }) => prefixes.some(isIn))
  if (!watch) return undefined
  if (!watch.hasStopped && watch.done < watch.limit) {
    watch.done += 1
    return undefined
  }
  if (!watch.hasStopped) {
    watch.hasStopped = true
    watch.wasWrite = writes.test(name)
    watch.stoppedAt = `${name} ${path}`
    if (watch.end !== 'nothing is done' && watch.wasWrite) writeHalf(given, args)
    if (watch.end === 'the process is killed') killNow()
  }
  return Object.assign(new Error(`stopped at ${watch.stoppedAt}`), { code: 'EIO' })
}

/** What a write of the first argument, a path or a descriptor, leaves if it stops in its midst. */
function writeHalf(target: unknown, [, data, offset, length, position]: unknown[]): void {
  const bytes = bytesOf(data)
  if (!bytes) return
  const isPart = ArrayBuffer.isView(data) && typeof offset === 'number'
  const part = isPart ? bytes.subarray(offset, offset + (typeof length === 'number' ? length : bytes.length)) : bytes
  const half = part.subarray(0, part.length >> 1)
  const descriptor = typeof target === 'number' ? target : original.openSync(String(target), 'w')
  original.writeSync(descriptor, half, 0, half.length, typeof position === 'number' ? position : null)
  if (descriptor !== target) original.closeSync(descriptor)
}

function bytesOf(data: unknown): Buffer | undefined {
  if (typeof data === 'string') return Buffer.from(data)
  if (Array.isArray(data)) return Buffer.concat(data)
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : undefined
}

function killNow(): void {
  process.kill(process.pid, 'SIGKILL')
  // The signal may come a moment later, and nothing more must happen.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
