import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Destination } from '../src/deliver/destination.ts'
import { flushVault } from '../src/deliver/flush.ts'
import type { BuildRecord } from '../src/types.ts'
import { amendRecord } from '../src/vault/amend.ts'
import { folderStore } from '../src/vault/folder.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'
import { verifyVault } from '../src/vault/verify.ts'
import { memoryStore, stoppingStore } from './memory-store.ts'
import { mappedArtifact } from './vault-contract.ts'

/**
 * Builds, deliveries and a prune that stop at the n-th operation, for every n, as if the process had been killed there:
 * operations of the store, and calls of the file system.
 */

/** Calls that are still made; the next one stops in the middle, if it writes, and all after it do nothing. */
const files = vi.hoisted(() => ({
  left: Number.POSITIVE_INFINITY,
  hasStopped: false,
  /** Effects, and reads on which they depend. */
  watched:
    /^(?:openSync|writevSync|writeFileSync|fsync|renameSync|mkdirSync|rmSync|unlinkSync|readSync|access|stat|utimes|readdir|readFile|rm)$/,
}))

vi.mock('node:fs', async original => stopping(await original<object>()))
vi.mock('node:fs/promises', async original => stopping(await original<object>()))

function stopping(module: object): object {
  const wrapped = Object.entries(module).map(([name, value]) => {
    if (!files.watched.test(name)) return [name, value]
    const call = (...args: unknown[]) => {
      files.hasStopped ||= files.left-- <= 0
      if (!files.hasStopped) return name === 'fsync' ? (args.at(-1) as () => void)() : value(...args)
      if (name === 'writevSync' && files.left === -1) {
        const [file, [piece]] = args as [number, [Buffer]]
        value(file, [piece.subarray(0, piece.length >> 1)])
      }
      throw new Error(`stopped at ${name}`)
    }
    return [name, call]
  })
  return Object.fromEntries(wrapped)
}

const dayMs = 24 * 60 * 60 * 1000
const start = Date.now()
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }))
afterEach(() => void vi.useRealTimers())

/** What has happened, as far as the program knows. */
interface Ledger {
  /** Texts by the ID of a build whose record was written. */
  recorded: Map<string, string[]>
  delivered: Set<string>
}

function destinationOf({ delivered }: Pick<Ledger, 'delivered'>): Destination {
  return {
    name: 'mine',
    async deliver({ id }, artifacts) {
      let count = 0
      for await (const { code, map } of artifacts) count += code.length > 0 && map ? 1 : 0
      delivered.add(id)
      return { artifacts: count }
    },
  }
}

const signal = new AbortController().signal
const logger = { info() {}, warn() {}, error() {} }
const fetch = () => Promise.reject(new Error('not used'))

async function flush(store: Store, ledger: Pick<Ledger, 'delivered'>): Promise<void> {
  await flushVault({ vault: createVault(store), destinations: [destinationOf(ledger)], logger, fetch, signal })
}

async function build(store: Store, id: string, texts: string[], ledger: Ledger): Promise<void> {
  const vault = createVault(store)
  const pack = vault.newPack()
  const files: BuildRecord['files'] = []
  for (const text of texts) {
    const artifact = mappedArtifact(text)
    files.push({ path: artifact.path, outDir: 'dist', debugId: artifact.debugId, ...(await pack.put(artifact)) })
  }
  await pack.commit()
  const createdAt = new Date().toISOString()
  const deliveries = { mine: { state: 'pending' as const, at: createdAt } }
  await vault.record({ id, version: 1, createdAt, state: 'open', openedBy: '999999999.gone', files, deliveries })
  // From here on maps may leave the output.
  ledger.recorded.set(id, texts)
  await amendRecord(vault, id, ({ state: _, ...open }) => open)
}

/** Three builds, of which a prune forgets the first, with its pack; the others share one. */
async function program(store: Store, ledger: Ledger): Promise<void> {
  await build(store, '1', ['a', 'b'], ledger)
  await flush(store, ledger)
  vi.setSystemTime(start + 9 * dayMs)
  await build(store, '2', ['c'], ledger)
  await flush(store, ledger)
  vi.setSystemTime(start + 20 * dayMs)
  await build(store, '3', ['c', 'd'], ledger)
  await createVault(store).prune(1, { caller: '3' })
}

/** After a stop, on what is left: by the same rules as before. */
async function expectWhole(store: Store, { recorded, delivered }: Ledger): Promise<void> {
  const { problems } = await verifyVault(store)
  expect(problems).toEqual([])
  const vault = createVault(store)
  const records = new Map((await vault.records()).map(record => [record.id, record]))
  for (const [id, texts] of recorded) {
    const record = records.get(id)
    if (!record) {
      // Only the prune at the end forgets one, and only one that is delivered.
      expect([id, recorded.has('3'), delivered.has(id)]).toEqual(['1', true, true])
      continue
    }
    const read: string[] = []
    for await (const { code } of vault.artifacts(record)) read.push(`${code}`)
    expect(read.sort()).toEqual(texts.map(text => `code of ${text}`))
    expect(record.deliveries.mine?.state === 'pending' || delivered.has(id)).toBe(true)
  }
  const later = { delivered: new Set(delivered) }
  await flush(store, later)
  expect([...recorded.keys()].filter(id => !later.delivered.has(id))).toEqual([])
}

/** Runs the program with ever more operations, until it comes to its end. */
async function stopEverywhere(
  run: (operations: number, ledger: Ledger) => Promise<{ hasStopped: boolean; left: Store }>,
): Promise<number> {
  for (let operations = 0; ; operations++) {
    vi.setSystemTime(start)
    const ledger: Ledger = { recorded: new Map(), delivered: new Set() }
    const { hasStopped, left } = await run(operations, ledger)
    await expectWhole(left, ledger)
    if (!hasStopped) {
      expect((await createVault(left).records()).map(({ id }) => id)).toEqual(['3', '2'])
      return operations
    }
  }
}

describe('a stop at any operation leaves every record with its packs, and loses nothing', () => {
  test('of the store', async () => {
    const operations = await stopEverywhere(async (operations, ledger) => {
      const left = memoryStore()
      const store = stoppingStore(left, operations)
      await program(store, ledger).catch(cause => {
        if (!store.hasStopped()) throw cause
      })
      return { hasStopped: store.hasStopped(), left }
    })
    expect(operations).toBeGreaterThan(50)
  })

  test('of the file system', { timeout: 300_000 }, async () => {
    const root = await mkdtemp(join(tmpdir(), 'stops-'))
    const calls = await stopEverywhere(async (calls, ledger) => {
      const store = folderStore(join(root, String(calls)))
      Object.assign(files, { left: calls, hasStopped: false })
      const failure = await program(store, ledger).catch((cause: unknown) => cause)
      const { hasStopped } = files
      Object.assign(files, { left: Number.POSITIVE_INFINITY, hasStopped: false })
      if (!hasStopped) expect(failure).toBeUndefined()
      return { hasStopped, left: store }
    })
    expect(calls).toBeGreaterThan(100)
    await rm(root, { recursive: true })
  })
})
