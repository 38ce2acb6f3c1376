import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { resolve, sep } from 'node:path'
import zlib, { type InputType, type ZlibOptions } from 'node:zlib'

/** Counts the costly operations of this process. To be imported before anything that takes a function out of a built-in module. */
export interface Counts {
  /** Source maps that went through `JSON`: how many, of how many characters, and how many by a call of our code. */
  json: { maps: number; bytes: number; asked: number }
  /** Bytes that were compressed, and those that were only wrapped (level 0). */
  compressed: number
  wrapped: number
  decompressions: number
  /** Compressors and decompressors made as streams, of whose bytes nothing is known. */
  streams: number
  /** Compressions handed to a thread. */
  threaded: number
  /** Number of distinct buffers that held large source maps when they were compressed. */
  mapMemories: number
  /** Bytes of large buffers that our code made text of. */
  madeText: number
  /** Scripts and maps that were emptied to be written anew: synchronously, as bundlers do not. */
  emptied: number
  /** Files synced, by file descriptor or handle. */
  syncs: number
  /** Calls with a path in the vault, by function. */
  vaultCalls: Record<string, number>
}

const counts: Counts = fresh()
let vaultDir: string | undefined

/** Resets all counts. */
export function watchVault(dir: string): Counts {
  vaultDir = dir
  return Object.assign(counts, fresh())
}

function fresh(): Counts {
  return {
    json: { maps: 0, bytes: 0, asked: 0 },
    compressed: 0,
    wrapped: 0,
    decompressions: 0,
    streams: 0,
    threaded: 0,
    mapMemories: 0,
    madeText: 0,
    emptied: 0,
    syncs: 0,
    vaultCalls: {},
  }
}

type Callable = (...args: unknown[]) => unknown

/** Calls `before` with the arguments, which it may change. A proxy, because `promisify` looks for what functions carry. */
function spy(owner: object, name: string, before: (args: unknown[]) => void): void {
  const original = Reflect.get(owner, name) as Callable
  const value = new Proxy(original, {
    apply(target, self, args) {
      before(args)
      return Reflect.apply(target, self, args)
    },
  })
  Object.defineProperty(owner, name, { value, configurable: true, enumerable: true, writable: true })
}

const functionsOf = (owner: object, pattern: RegExp) =>
  Object.keys(owner).filter(name => pattern.test(name) && typeof Reflect.get(owner, name) === 'function')

/** What stands for a function in the tasks that webpack's minimizer sends to its workers: random, and of a random length. */
const placeholder = /@__[A-Z]-[\da-f]+-\d+__@/g

function countJson(text: unknown): void {
  // Also within a string of other JSON.
  if (typeof text !== 'string' || !/\\?"mappings\\?"\s*:/.test(text)) return
  counts.json.maps += 1
  counts.json.bytes += text.replace(placeholder, '').length
  if (isAsked()) counts.json.asked += 1
}

/** Whether our code is among the callers. */
function isAsked(): boolean {
  return /\/packages\/\w+\/src\//.test(new Error().stack ?? '')
}

function watchJson(): void {
  Error.stackTraceLimit = 50
  // Node would make text of the maps of our sources, to map the stacks.
  process.setSourceMapsEnabled(false)
  const { parse, stringify } = JSON
  JSON.parse = (text, reviver) => {
    countJson(text)
    return parse(text, reviver)
  }
  JSON.stringify = (...args: unknown[]) => {
    const text = Reflect.apply(stringify, JSON, args)
    countJson(text)
    return text
  }
}

/** Memory that starts with a map: large ones are compressed in pieces, which are views of it. */
const known = new WeakSet<ArrayBufferLike>()
const largeBytes = 100_000

function memoryOfMap(input: InputType): ArrayBufferLike | undefined {
  if (!ArrayBuffer.isView(input) || input.byteLength < largeBytes) return undefined
  return new Uint8Array(input.buffer)[0] === 0x7b ? input.buffer : undefined
}

function countCompression(args: unknown[]): void {
  const [input, options] = args as [InputType, ZlibOptions | undefined]
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength
  if (options?.level === 0) counts.wrapped += size
  else counts.compressed += size
  if (typeof args.at(-1) === 'function') counts.threaded += 1
  const memory = memoryOfMap(input)
  if (!memory || known.has(memory)) return
  counts.mapMemories += 1
  known.add(memory)
}

function watchZlib(): void {
  const compressors = functionsOf(zlib, /^(?:gzip|deflate|deflateRaw|brotliCompress|zstdCompress)(?:Sync)?$/)
  for (const name of compressors) spy(zlib, name, countCompression)
  const decompressors = functionsOf(
    zlib,
    /^(?:gunzip|inflate|inflateRaw|unzip|brotliDecompress|zstdDecompress)(?:Sync)?$/,
  )
  for (const name of decompressors)
    spy(zlib, name, () => {
      counts.decompressions += 1
    })
  for (const name of functionsOf(zlib, /^create(?!DeflateRaw)[A-Z]/))
    spy(zlib, name, () => {
      counts.streams += 1
    })
  watchDeflate()
}

interface Engine {
  _handle: { writeSync(flush: number, input: Uint8Array, ...rest: unknown[]): void }
}

/** What a state of zlib compresses that is used over and over. */
function watchDeflate(): void {
  const { createDeflateRaw } = zlib
  const value = (options?: ZlibOptions) => {
    const stream = createDeflateRaw(options)
    const { _handle: handle } = stream as unknown as Engine
    const { writeSync } = handle
    handle.writeSync = (flush, input, ...rest) => {
      countCompression([input, options])
      return Reflect.apply(writeSync, handle, [flush, input, ...rest])
    }
    return stream
  }
  Object.defineProperty(zlib, 'createDeflateRaw', { value, configurable: true, enumerable: true, writable: true })
}

function watchText(): void {
  const original = Buffer.prototype.toString
  Buffer.prototype.toString = function (this: Buffer, encoding?: BufferEncoding, start = 0, end = this.length) {
    if (end - start >= largeBytes && isAsked()) counts.madeText += end - start
    return original.call(this, encoding, start, end)
  }
}

function isInVault(path: unknown): boolean {
  if (vaultDir === undefined || typeof path !== 'string') return false
  return resolve(path) === vaultDir || resolve(path).startsWith(vaultDir + sep)
}

function isEmptied(path: unknown, flags: unknown): boolean {
  return typeof path === 'string' && /\.js(?:\.map)?$/.test(path) && !isInVault(path) && !/^r|\d/.test(`${flags}`)
}

function watchFiles(): void {
  for (const owner of [fs, fs.promises]) {
    for (const name of functionsOf(owner, /^[a-z]/)) {
      spy(owner, name, ([path, flags]) => {
        if (isInVault(path)) counts.vaultCalls[name] = (counts.vaultCalls[name] ?? 0) + 1
        if (/^f(?:data)?sync/.test(name)) counts.syncs += 1
        if (/^(?:open|writeFile)Sync$/.test(name) && isEmptied(path, flags)) counts.emptied += 1
      })
    }
  }
}

watchJson()
watchZlib()
watchText()
watchFiles()
syncBuiltinESMExports()
