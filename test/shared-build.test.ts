import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildRecord, openStore, openVault } from '@mapseal/core'
import { verifyVault } from '@mapseal/core/folder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Round } from './shared/child.ts'
import { startMemoryS3 } from './stops/memory-s3.ts'
import { startBucket } from './support/s3.ts'

/** Two processes of one command, by `MAPSEAL_BUILD`, build two apps of a project at the same time. */

const rounds = 8
const bucketRounds = 4
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const hosts = ['esbuild', 'vite8'] as const

let temp: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(import.meta.dirname, '.tmp/shared-'))
})
afterAll(() => rm(temp, { recursive: true }))

interface Outcome {
  sent: string[]
  warnings: string[]
  failure?: string
}

/** Builds both apps of a project at once. */
type BuildBoth = (dir: string, vault: string) => Promise<Outcome[]>

async function withProcesses(env: NodeJS.ProcessEnv, work: (build: BuildBoth) => Promise<void>): Promise<void> {
  const execArgv = ['-C', 'mapseal-source', '--import', loader]
  const children = hosts.map(() =>
    fork(join(import.meta.dirname, 'shared/child.ts'), {
      execArgv,
      env: { ...process.env, NODE_ENV: 'production', ...env },
    }),
  )
  const ask = async (child: ChildProcess, round: Round) => {
    const answer = once(child, 'message')
    child.send(round)
    return (await answer)[0] as Outcome
  }
  try {
    await Promise.all(children.map(child => once(child, 'message')))
    await work(async (dir, vault) => {
      const place = (host: Round['host']) => ({ host, dir, outDir: join(dir, host), vault, command: dir })
      await writeProject(dir)
      return Promise.all(children.map((child, index) => ask(child, place(hosts[index] as Round['host']))))
    })
  } finally {
    for (const child of children) child.kill()
  }
}

async function writeProject(dir: string): Promise<void> {
  await mkdir(join(dir, 'src'), { recursive: true })
  await writeFile(join(dir, 'package.json'), '{ "name": "app", "type": "module" }')
  const main = "import('./lazy.js').then(({ lazy }) => console.log(lazy(1)))\nexport const main = 1\n"
  await writeFile(join(dir, 'src/main.js'), main)
  await writeFile(join(dir, 'src/lazy.js'), 'export function lazy(value) {\n  return value + 1\n}\n')
}

const pathsOf = (record: BuildRecord | undefined) =>
  record?.files.map(({ outDir, path }) => `${outDir}/${path}`).sort() ?? []

/** @param records how many are to be there */
async function expectShared(dir: string, vault: string, outcomes: Outcome[], records: number): Promise<void> {
  for (const { failure, warnings } of outcomes) expect([failure, warnings]).toEqual([undefined, []])
  expect((await verifyVault(openStore(vault, dir))).problems).toEqual([])
  const found = await openVault(vault, dir).records()
  expect(found).toHaveLength(records)
  const paths = found.flatMap(pathsOf)
  expect(paths.filter(path => path.startsWith('esbuild/'))).toHaveLength(2)
  expect(paths.filter(path => path.startsWith('vite8/'))).toHaveLength(2)
  for (const record of found) {
    expect([record.state, record.openedBy]).toEqual([undefined, undefined])
    expect(record.deliveries.counting?.state).toBe('delivered')
  }
  // Whichever process sent it.
  expect([...new Set(outcomes.flatMap(({ sent }) => sent))].sort()).toEqual(paths.sort())
}

test(`${rounds} rounds with a vault in a folder make one record each`, { timeout: 600_000 }, () =>
  withProcesses({}, async build => {
    for (let round = 1; round <= rounds; round++) {
      const dir = join(temp, `folder-${round}`)
      const vault = join(dir, 'vault')
      await expectShared(dir, vault, await build(dir, vault), 1)
    }
  }),
)

test(`${bucketRounds} rounds with a bucket that has conditional writes make one record each`, {
  timeout: 600_000,
}, async () => {
  const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
  Object.assign(process.env, env)
  const s3 = await startMemoryS3()
  await withProcesses(env, async build => {
    for (let round = 1; round <= bucketRounds; round++) {
      const dir = join(temp, `bucket-${round}`)
      const vault = `s3://maps/round-${round}?endpoint=${s3.url}`
      await expectShared(dir, vault, await build(dir, vault), 1)
    }
  })
  s3.close()
})

test('with a bucket that has none, each process has a record of its own', { timeout: 600_000 }, async () => {
  const bucket = await startBucket()
  await withProcesses(bucket.store.env, async build => {
    for (let round = 1; round <= 2; round++) {
      const dir = join(temp, `swift-${round}`)
      const vault = `${bucket.url}/round-${round}`
      await expectShared(dir, vault, await build(dir, vault), 2)
    }
  })
  await bucket.stop()
})
