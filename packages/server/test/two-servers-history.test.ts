import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createVault, openStore } from '@mapseal/core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { isLong } from '../../../test/long/files.ts'
import { startBucket, type TestBucket } from '../../../test/support/s3.ts'
import {
  absent,
  build,
  changeReleases,
  changeTokens,
  readMap,
  readMaps,
  readRelease,
  refused,
  type Setting,
  scriptOf,
  upload,
  useToken,
} from './history/clients.ts'
import { createHistory, type Operation, violations } from './history/history.ts'
import { type Unsteady, unsteady } from './history/unsteady.ts'
import { type ServeProcess, serveProcess } from './serve-process.ts'

/**
 * Two servers on one bucket, which answers late and fails, and one of which is killed meanwhile. What clients saw of uploads,
 * releases and tokens is recorded, and must be what the docs promise.
 */

const adminToken = 'x'.repeat(40)
const size = isLong ? 4 : 1
const seeds = isLong ? [1, 2, 3, randomInt(2 ** 31)] : [1, randomInt(2 ** 31)]

/** What a server may not know yet that another has written. */
const stale = { releases: 0, maps: 1000, tokens: 5000 }

/** Numbers from a seed, each below 1. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const namesOf = (kind: string, count: number) => Array.from({ length: count * size }, (_, index) => `${kind}${index}`)
const uploads = namesOf('upload', 5)
const builds = namesOf('build', 4)
const releases = ['r0', 'r1', 'r2']

let bucket: TestBucket
beforeAll(async () => {
  bucket = await startBucket()
})
afterAll(() => bucket.stop())

interface Pair {
  front: Unsteady
  servers: ServeProcess[]
  /** Ends the second at once, and starts it anew. */
  kill(): Promise<void>
}

/** Two servers behind the front; they end with the test. */
async function start(name: string, next: () => number): Promise<Pair & Setting> {
  const front = await unsteady(bucket.store.endpoint, next)
  onTestFinished(front.close)
  const location = `${bucket.url}/${name}?endpoint=${encodeURIComponent(front.url)}`
  const serve = async () => {
    // The store may fail at its start as well, which is reported.
    for (let left = 20; ; left--) {
      const server = await serveProcess(location, ['--project', 'api'], { MAPSEAL_SERVER_TOKEN: adminToken }).catch(
        cause => {
          if (left === 0) throw cause
        },
      )
      if (server) return server
    }
  }
  const servers = await Promise.all([serve(), serve()])
  onTestFinished(async () => {
    for (const { child, ended } of servers) {
      child.kill('SIGKILL')
      await ended
    }
  })
  return {
    front,
    servers,
    adminToken,
    next,
    store: openStore(location, '/'),
    anyUrl: () => (servers[Math.floor(next() * 2)] as ServeProcess).url,
    async kill() {
      const [, other] = servers
      other?.child.kill('SIGKILL')
      await other?.ended
      servers[1] = await serve()
    },
  }
}

function found(operations: Operation[], tokens: string[]): Record<string, string[]> {
  const ids = [...uploads, ...builds].map(name => scriptOf(name).debugId)
  const of = (keys: string[]) => operations.filter(({ key }) => keys.includes(key))
  return {
    releases: violations(of(releases), { initial: absent, staleMs: stale.releases }),
    maps: violations(of(ids), { initial: absent, staleMs: stale.maps }),
    tokens: violations(of(tokens), { initial: refused, staleMs: stale.tokens }),
  }
}

describe('two servers on a store that delays and fails', () => {
  test.each(seeds)('seed %i: clients see what is promised', { timeout: 120_000 * size }, async seed => {
    const setting = await start(`seed-${seed}`, random(seed))
    const { front, servers } = setting
    const history = createHistory()
    let isOver = false
    const reading = [0, 1].map(() => readMaps(history, setting, [...uploads, ...builds], () => isOver))
    const writing = [
      ...['a', 'b', 'c'].map(client => changeReleases(history, setting, client, 16 * size)),
      ...['web', 'api'].map(project => upload(history, setting, project, uploads)),
      build(history, setting, builds),
    ]
    const killing = expect.poll(() => history.operations.length, { timeout: 60_000 }).toBeGreaterThan(60)
    const [tokens] = await Promise.all([
      changeTokens(history, setting, 32 * size),
      killing.then(() => setting.kill()),
      ...writing,
    ])
    isOver = true
    await Promise.all(reading)

    front.heal()
    await sleep(Math.max(...Object.values(stale)))
    for (const { url } of servers) {
      for (const version of releases) await readRelease(history, setting, url, version)
      for (const name of [...uploads, ...builds]) await readMap(history, setting, url, name)
      for (const token of tokens) await useToken(history, url, token)
    }
    const { operations } = history
    expect(found(operations, tokens), `seed ${seed}`).toEqual({ releases: [], maps: [], tokens: [] })
    // Something was acknowledged of each kind, whatever failed.
    const isSure = ({ kind, end }: Operation) => kind === 'write' && end < Number.POSITIVE_INFINITY
    const sure = operations.filter(isSure).map(({ key }) => key)
    expect(sure.some(key => releases.includes(key))).toBe(true)
    expect(sure.some(key => [...uploads, ...builds].some(name => scriptOf(name).debugId === key))).toBe(true)
    expect(sure.some(key => tokens.includes(key))).toBe(true)

    // Everything that is listed is there whole, and what nothing failed of is there once.
    const vault = createVault(openStore(`${bucket.url}/seed-${seed}`, '/'))
    const held: string[] = []
    for (const stored of await vault.records((file, cause) => expect.fail(`${file}: ${cause}`))) {
      for await (const { debugId, code } of vault.artifacts(stored)) {
        expect(code.length).toBeGreaterThan(0)
        held.push(debugId)
      }
    }
    const unsure = operations.filter(({ end }) => end === Number.POSITIVE_INFINITY).map(({ key }) => key)
    for (const { debugId } of uploads.map(scriptOf)) {
      const count = held.filter(id => id === debugId).length
      if (!unsure.includes(debugId)) expect(count, `seed ${seed}: builds of ${debugId}`).toBe(1)
    }
  })

  test('a store that forgets is found out', { timeout: 60_000 }, async () => {
    const setting = await start('forgetful', random(1))
    const history = createHistory()
    setting.front.heal()
    setting.front.forget('/releases/')
    await changeReleases(history, setting, 'a', 40)
    expect(found(history.operations, []).releases).not.toEqual([])
  })
})
