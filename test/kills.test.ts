import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { flushVault, openVault, readTrailingComments, withClient } from '@mapseal/core'
import { createFetch } from '@mapseal/core/http'
import { sentry } from '@mapseal/destinations/sentry'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isMap, isScript, readFolder } from './matrix/files.ts'
import { startSentry } from './support/sentry-server.ts'

/**
 * Builds with delivery are killed at random instants; `KILLS=200 npx vitest run test/kills.test.ts` sets the
 * number of kills.
 */
const kills = Number(process.env.KILLS ?? 6)
const bundlers = ['vite', 'webpack', 'esbuild'] as const
const script = join(import.meta.dirname, 'kills/build.ts')

let temp: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(import.meta.dirname, '.tmp/kills-'))
})
afterAll(() => rm(temp, { recursive: true }))

/** In a process group of its own, so that surviving processes can be found. */
function start(bundler: string, outDir: string, vault: string, url: string) {
  const args = ['-C', 'mapseal-source', '--import', 'tsx', script, bundler, outDir, vault, url]
  return spawn(process.execPath, args, { detached: true, stdio: 'ignore' })
}

/** The processes of a group that still run; zombies do not. */
async function survivors(group: number): Promise<string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(pgrp) === group && state !== 'Z') found.push(stat)
  }
  return found
}

/** The same instants at every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

test(`${kills} kills lose nothing and publish nothing`, { timeout: 60_000 + kills * 6_000 }, async () => {
  const vaultDir = join(temp, 'vault')
  const server = await startSentry({ latencyMs: 40 })
  const durations = new Map<string, number>()
  for (const bundler of bundlers) {
    const started = performance.now()
    const [code] = await once(start(bundler, join(temp, bundler), join(temp, 'first'), server.url), 'exit')
    expect([bundler, code]).toEqual([bundler, 0])
    durations.set(bundler, performance.now() - started)
  }

  const next = random(20261121)
  let finished = 0
  for (let kill = 0; kill < kills; kill++) {
    const bundler = bundlers[kill % bundlers.length] as (typeof bundlers)[number]
    const outDir = join(temp, bundler)
    const child = start(bundler, outDir, vaultDir, server.url)
    const exit = once(child, 'exit')
    // The first third of a build is the start of Node; the last is delivery.
    const instant = (durations.get(bundler) as number) * (0.3 + 0.75 * next())
    const isOver = await Promise.race([exit.then(() => true), sleep(instant, false)])
    if (isOver) finished += 1
    child.kill(kill % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
    await exit
    const written = await readFolder(outDir)
    if (bundler !== 'esbuild') expect([...written.keys()].filter(isMap)).toEqual([])
    const known = await idsIn(vaultDir, join(temp, 'first'))
    const unknown = [...written].filter(([, code]) => !known.has(readTrailingComments(code).debugId as string))
    expect(unknown.filter(([path, code]) => isScript(path) && code.includes('debugId=')).map(([path]) => path)).toEqual(
      [],
    )
    await expect.poll(() => survivors(child.pid as number), { message: bundler }).toEqual([])
  }

  const vault = openVault(vaultDir, temp)
  const unreadable: string[] = []
  const before = await vault.records(file => unreadable.push(file))
  expect(unreadable).toEqual([])
  for (const build of before) {
    let artifacts = 0
    for await (const { map } of vault.artifacts(build)) if (map) artifacts += 1
    // A build that was killed has a record of what it had sealed by then.
    expect(artifacts).toBeGreaterThan(build.state === 'open' ? 0 : 40)
  }

  const destinations = [sentry({ org: 'acme', project: 'web', authToken: 'secret', url: server.url })]
  const logger = { info() {}, warn() {}, error() {} }
  const connect = async (signal: AbortSignal) => createFetch({ signal, userAgent: 'test' })
  await withClient(connect, (fetch, signal) => flushVault({ vault, destinations, logger, fetch, signal }))
  const after = await vault.records()
  expect(after.map(({ deliveries }) => deliveries.sentry?.state)).toEqual(before.map(() => 'delivered'))

  const held = new Set([...server.bundles.values()].flatMap(({ manifest }) => debugIdsOf(manifest)))
  const lost = after.flatMap(({ files }) => files.filter(file => file.map && !held.has(file.debugId)))
  expect(lost).toEqual([])

  await vault.prune(1000)
  expect([...(await readFolder(vaultDir)).keys()].filter(path => path.startsWith('tmp/'))).toEqual([])
  const interrupted = before.filter(({ deliveries }) => deliveries.sentry?.state !== 'delivered').length
  console.log(
    `${kills} kills: ${finished} came too late, ${before.length} builds recorded, ${interrupted} of them undelivered until flush`,
  )
  await server.close()
})

async function idsIn(...vaults: string[]): Promise<Set<string>> {
  const records = await Promise.all(vaults.map(dir => openVault(dir, dir).records()))
  return new Set(records.flat().flatMap(({ files }) => files.map(file => file.debugId)))
}

function debugIdsOf(manifest: unknown): string[] {
  const { files } = manifest as { files: Record<string, { headers?: Record<string, string> }> }
  return Object.values(files).flatMap(({ headers }) => headers?.['debug-id'] ?? [])
}
