import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deliverBuild } from '../src/deliver/deliver.ts'
import type { Destination } from '../src/deliver/destination.ts'
import { flushVault, forgetPending } from '../src/deliver/flush.ts'
import type { BuildRecord, Delivery } from '../src/types.ts'
import { amendRecord } from '../src/vault/amend.ts'
import { processName } from '../src/vault/process.ts'
import type { Store } from '../src/vault/store.ts'
import { createVault } from '../src/vault/vault.ts'
import { verifyVault } from '../src/vault/verify.ts'
import { memoryStore, type Objects, stoppingStore } from './memory-store.ts'
import { mappedArtifact } from './vault-contract.ts'

/**
 * Random lives of one vault, compared after every step with a model of a few lines. `VAULT_SEED=1 npx vitest run …` repeats
 * a run of one's own.
 */

const names = ['alpha', 'beta'] as const
const dayMs = 24 * 60 * 60 * 1000
const retain = 2
/** Operations of the store that one step makes at most, nearly. */
const longestStep = 60

type Name = (typeof names)[number]
type Step =
  | { kind: 'build'; app: string; texts: string[]; end: 'finished' | 'failed' | 'running' | 'gone'; takes: Name[] }
  | { kind: 'finish' }
  | { kind: 'flush'; takes: Name[] }
  | { kind: 'prune' }
  | { kind: 'forget'; name: Name }
  | { kind: 'clock'; days: number }
  | { kind: 'save' }
  | { kind: 'restore' }
/** The number of operations after which the step is stopped: most are killed by none. */
type Life = (Step & { killedAt: number })[]

const life: fc.Arbitrary<Life> = (() => {
  const takes = fc.subarray([...names])
  const build = fc.record({
    kind: fc.constant('build' as const),
    app: fc.constantFrom('shop', 'admin', 'api'),
    texts: fc.subarray(['a', 'b', 'c', 'd', 'e', 'f'], { minLength: 1 }),
    end: fc.constantFrom(
      'finished' as const,
      'finished' as const,
      'failed' as const,
      'running' as const,
      'gone' as const,
    ),
    takes,
  })
  const days = fc.oneof(
    fc.constantFrom(0.01, 1, 3, 8),
    fc.constantFrom(0.01, 1, 3, 8),
    fc.integer({ min: -400, max: 400 }),
  )
  const step = fc.oneof(
    { weight: 10, arbitrary: build },
    { weight: 2, arbitrary: fc.constant({ kind: 'finish' as const }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('flush' as const), takes }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'prune' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), name: fc.constantFrom(...names) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('clock' as const), days }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'save' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restore' as const }) },
  )
  const killedAt = fc.oneof(
    { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    { weight: 1, arbitrary: fc.nat({ max: longestStep }) },
  )
  return fc.array(
    fc.tuple(step, killedAt).map(([step, killedAt]) => ({ ...step, killedAt })),
    { minLength: 1, maxLength: 200, size: 'max' },
  )
})()

/** What the model knows of a build. */
interface Build {
  app: string
  state: BuildRecord['state']
  isRunning: boolean
  createdAt: number
  /** When its record was last written. */
  writtenAt: number
  texts: string[]
  pending: Name[]
}

/** By ID. */
type Model = Map<string, Build>

/** The rule of `retain`: what a prune forgets. */
function forgettable(model: Model, caller?: string): string[] {
  const groupOf = ({ app, state }: Build) => `${app} ${state === undefined}`
  return [...new Set([...model.values()].map(groupOf))].flatMap(group => {
    const builds = [...model]
      .filter(([, build]) => groupOf(build) === group && build.pending.length === 0 && build.createdAt <= Date.now())
      .sort(([a], [b]) => (a < b ? 1 : -1))
    const kept = builds.slice(0, retain).map(([, { createdAt }]) => createdAt)
    const replaced = Math.min(Date.now(), ...(caller === undefined ? [] : kept))
    return builds
      .slice(retain)
      .filter(([, { createdAt, writtenAt }]) => replaced - Math.max(createdAt, writtenAt) > 7 * dayMs)
      .filter(([id, { isRunning }]) => id !== caller && !isRunning)
      .map(([id]) => id)
  })
}

const signal = new AbortController().signal
const context = {
  fetch: () => Promise.reject(new Error('not used')),
  logger: { info() {}, warn() {}, error() {} },
  signal,
}

/** One vault and everything around it. */
function createWorld() {
  let objects: Objects = new Map()
  let model: Model = new Map()
  let saved = { objects: new Map(objects), model }
  let count = 0
  let kills = 0
  /** What the destinations hold: it is never taken back. */
  const delivered = new Set<string>()

  function destinations(takes: Name[]): Destination[] {
    return names.map(name => ({
      name,
      async deliver(build, artifacts) {
        const texts: string[] = []
        for await (const { path, code } of artifacts) texts.push(`${path}: ${code}`)
        expect(texts.sort()).toEqual(build.files.map(({ path }) => `${path}: code of ${path.slice(0, -3)}`).sort())
        if (!takes.includes(name)) throw new Error('refused')
        delivered.add(`${build.id} ${name}`)
        return { artifacts: texts.length }
      },
    }))
  }

  async function build(store: Store, step: Extract<Step, { kind: 'build' }>): Promise<void> {
    const vault = createVault(store)
    const createdAt = new Date().toISOString()
    const id = `${createdAt.replace(/[-:.]/g, '')}-${String(count++).padStart(8, '0')}`
    const pack = vault.newPack()
    const files: BuildRecord['files'] = []
    for (const text of step.texts) {
      const artifact = mappedArtifact(text)
      files.push({ path: artifact.path, outDir: 'dist', debugId: artifact.debugId, ...(await pack.put(artifact)) })
    }
    await pack.commit()
    const at = createdAt
    const deliveries = Object.fromEntries(names.map((name): [string, Delivery] => [name, { state: 'pending', at }]))
    const openedBy = step.end === 'running' ? processName() : '999999999.gone'
    const record: BuildRecord = { id, version: 1, createdAt, project: step.app, files, deliveries }
    await vault.record({ ...record, state: 'open', openedBy })
    if (step.end === 'running' || step.end === 'gone') return
    await amendRecord(vault, id, ({ state: _, ...open }) =>
      step.end === 'failed' ? { ...open, state: 'failed' } : open,
    )
    if (step.end === 'finished')
      await deliverBuild(record, { ...context, vault, destinations: destinations(step.takes) })
    throwFirst(await vault.prune(retain, { caller: id }))
  }

  async function perform(step: Step, store: Store): Promise<void> {
    const vault = createVault(store)
    if (step.kind === 'build') await build(store, step)
    if (step.kind === 'finish')
      for (const [id] of [...model].filter(([, { isRunning }]) => isRunning))
        await amendRecord(vault, id, ({ state: _, ...open }) => open)
    if (step.kind === 'flush') await flushVault({ ...context, vault, destinations: destinations(step.takes) })
    if (step.kind === 'prune') throwFirst(await vault.prune(retain))
    if (step.kind === 'forget') await forgetPending(vault, [step.name])
  }

  /** What the vault holds, as the model would have it. */
  async function actual(): Promise<Model> {
    const builds: Model = new Map()
    for (const record of await createVault(memoryStore(objects)).records(file => expect.unreachable(file))) {
      const { id, project = '', state, openedBy, createdAt, files, deliveries } = record
      for (const { pack, offset, length } of files.flatMap(({ code, map }) => (map ? [code, map] : [code])))
        expect(objects.get(`packs/${pack}`)?.bytes.length, `${pack} of ${id}`).toBeGreaterThanOrEqual(offset + length)
      builds.set(id, {
        app: project,
        state,
        isRunning: state === 'open' && openedBy === processName(),
        createdAt: Date.parse(createdAt),
        writtenAt: objects.get(`builds/${id}.json`)?.modified ?? Number.NaN,
        texts: files.map(({ path }) => path.slice(0, -3)),
        pending: names.filter(name => deliveries[name] && deliveries[name].state !== 'delivered'),
      })
    }
    return builds
  }

  /** Compares the vault with the model before the step, which may have been stopped anywhere. */
  async function settle(step: Step, isKilled: boolean): Promise<void> {
    const after = await actual()
    const [added, ...more] = [...after.keys()].filter(id => !model.has(id))
    expect(more).toEqual([])
    if (step.kind !== 'build') expect(added).toBeUndefined()
    else if (!isKilled) expect(added && after.get(added)).toMatchObject({ app: step.app, texts: step.texts })

    for (const [id, build] of model) {
      const now = after.get(id)
      // What is pending is lost by nothing: it is there, or at its destination, or was given up.
      for (const name of build.pending) {
        const isForgotten = step.kind === 'forget' && step.name === name
        if (!now?.pending.includes(name))
          expect(isForgotten || delivered.has(`${id} ${name}`), `${id} ${name}`).toBe(true)
      }
      expect(build.pending).toEqual(expect.arrayContaining(now?.pending ?? []))
      if (now) expect([now.app, now.texts]).toEqual([build.app, build.texts])
    }

    const prunes =
      step.kind === 'prune' || (step.kind === 'build' && (step.end === 'finished' || step.end === 'failed'))
    const whole: Model = new Map([...model, ...(added ? [[added, after.get(added) as Build] as const] : [])])
    const gone = [...model.keys()].filter(id => !after.has(id)).sort()
    const expected = prunes ? forgettable(whole, added).sort() : []
    if (isKilled) expect(expected).toEqual(expect.arrayContaining(gone))
    else expect(gone).toEqual(expected)

    if (!isKilled && step.kind === 'flush') {
      const isDay = (build: Build) => Date.now() - build.createdAt >= dayMs
      for (const [id, build] of model) {
        const isPassedOver = build.isRunning && !isDay(build)
        const left = isPassedOver ? build.pending : build.pending.filter(name => !step.takes.includes(name))
        expect(after.get(id)?.pending, id).toEqual(left)
      }
    }
    if (!isKilled && step.kind === 'forget')
      for (const [id, { pending }] of after) expect(pending, id).not.toContain(step.name)
    if (!isKilled && step.kind === 'finish') for (const [id, { isRunning }] of after) expect(isRunning, id).toBe(false)
    model = after
  }

  return {
    kills: () => kills,
    async take({ killedAt, ...step }: Life[number]): Promise<void> {
      if (step.kind === 'clock') return void vi.setSystemTime(Date.now() + step.days * dayMs)
      if (step.kind === 'save') saved = { objects: new Map(objects), model }
      if (step.kind === 'restore') {
        objects = new Map(saved.objects)
        model = saved.model
      }
      if (step.kind === 'save' || step.kind === 'restore') return
      const store = stoppingStore(memoryStore(objects), killedAt)
      try {
        await perform(step, store)
      } catch (cause) {
        if (!store.hasStopped()) throw cause
      }
      if (store.hasStopped()) kills += 1
      await settle(step, store.hasStopped())
    },
    async end(): Promise<void> {
      expect((await verifyVault(memoryStore(objects))).problems).toEqual([])
    },
  }
}

function throwFirst([problem]: string[]): void {
  if (problem !== undefined) throw new Error(problem)
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

async function run(seed: number, lives: number): Promise<{ steps: number; kills: number }> {
  const seen = { steps: 0, kills: 0 }
  const property = fc.asyncProperty(life, async steps => {
    vi.setSystemTime(Date.parse('2026-11-21T10:00:00Z'))
    const world = createWorld()
    for (const step of steps) await world.take(step)
    await world.end()
    seen.steps += steps.length
    seen.kills += world.kills()
  })
  await fc.assert(property, { seed, numRuns: lives })
  return seen
}

test('10,000 steps from a fixed seed', { timeout: 300_000 }, async () => {
  const { steps, kills } = await run(20261121, 120)
  expect(steps).toBeGreaterThanOrEqual(10_000)
  expect(kills).toBeGreaterThan(500)
})

test('and some from a seed of its own', { timeout: 300_000 }, async () => {
  const seed = Number(process.env.VAULT_SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`VAULT_SEED=${seed}`)
  expect((await run(seed, 20)).steps).toBeGreaterThan(0)
})
