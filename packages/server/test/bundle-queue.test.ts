import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVault, type FileRecord, folderStore, type Store } from '@mapseal/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBuildIndex } from '../src/builds/index.ts'
import { createMetrics } from '../src/http/metrics.ts'
import { createLog } from '../src/index.ts'
import { resolveServerOptions } from '../src/options.ts'
import { createBuildRecorder } from '../src/uploads/builds.ts'
import { createUploads } from '../src/uploads/uploads.ts'
import { sha1 } from './bundle.ts'

/** What two servers, or many clients, do at the same time: each waits for the other by construction. */

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mapseal-queue-'))
})
afterEach(() => rm(dir, { recursive: true }))

function gate(): { isOpen: Promise<void>; open: () => void } {
  let open = () => {}
  const isOpen = new Promise<void>(resolve => {
    open = resolve
  })
  return { isOpen, open }
}

test('more bundles than may wait are refused; those that wait when a server closes are not started', async () => {
  const bare = folderStore(dir)
  const reading = gate()
  let reads = 0
  const store: Store = {
    ...bare,
    async get(key, range) {
      if (key.startsWith('chunks/')) {
        reads++
        await reading.isOpen
      }
      return bare.get(key, range)
    },
  }
  const lines: string[] = []
  const log = createLog(line => lines.push(line), 'json')
  const uploads = createUploads({
    store,
    vault: createVault(store),
    builds: createBuildIndex(store),
    options: resolveServerOptions({ log }),
    metrics: createMetrics(),
  })
  const chunk = Buffer.from('no bundle')
  await uploads.chunks.put(sha1(chunk), chunk)
  const chunks = Array.from({ length: 60_000 }, () => sha1(chunk))
  const assemble = (index: number) =>
    uploads.bundleQueue.assemble({ checksum: sha1(Buffer.from(`${index}`)), chunks, projects: ['app'] }).then(
      ({ state }) => state,
      cause => cause.status,
    )
  const outcomes = await Promise.all(Array.from({ length: 24 }, (_, index) => assemble(index)))
  // A million names of chunks may wait.
  expect(outcomes.filter(outcome => outcome === 'created')).toHaveLength(16)
  expect(outcomes.filter(outcome => outcome === 503)).toHaveLength(8)
  expect(reads, 'two at a time').toBe(2)
  const closed = uploads.close()
  reading.open()
  await closed
  expect(lines.filter(line => line.includes('bundle refused'))).toHaveLength(2)
})

test('two servers that record one upload in the same instant keep one build, of the projects of both', async () => {
  const bare = folderStore(dir)
  const both = gate()
  let arrived = 0
  const recorder = () => {
    const store: Store = {
      ...bare,
      async put(key, bytes) {
        if (key.startsWith('builds/') && ++arrived <= 2) {
          if (arrived === 2) both.open()
          await both.isOpen
        }
        return bare.put(key, bytes)
      },
    }
    return createBuildRecorder({ store, vault: createVault(store), builds: createBuildIndex(store) })
  }
  const code = { sha256: '0'.repeat(64), size: 1, pack: '', offset: 0, length: 0, crc32: 0 }
  const files: FileRecord[] = [{ path: 'a.js', outDir: '', debugId: '00000000-0000-4000-8000-000000000001', code }]
  const record = (project: string) => recorder()('the same content', files, { projects: [project], release: '1' })
  await Promise.all([record('web'), record('api')])
  expect(arrived).toBeGreaterThanOrEqual(2)
  const kept = await createVault(bare).records()
  expect(kept.map(({ projects }) => projects)).toEqual([['api', 'web']])
})
