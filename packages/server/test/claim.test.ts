import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildRecord, createVault, folderStore, type Vault } from '@mapseal/core'
import { expect, it, onTestFinished } from 'vitest'
import { claimBuild } from '../src/uploads/claim.ts'

const suffix = '-0123456789abcdef'
const recordAt = (second: number, project: string): BuildRecord => ({
  id: `20261121T10150${second}000Z${suffix}`,
  version: 1,
  createdAt: `2026-11-21T10:15:0${second}.000Z`,
  projects: [project],
  files: [],
  deliveries: {},
})

it.each([
  ['smaller', 1, 2],
  ['greater', 2, 1],
])(
  'one build stays where the other server, with the %s ID, is done between a reading and a writing',
  async (_, theirs, ours) => {
    const dir = await mkdtemp(join(tmpdir(), 'mapseal-claim-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    const store = folderStore(dir)
    const vault = createVault(store)
    const [their, our] = [recordAt(theirs, 'api'), recordAt(ours, 'web')]
    const claimOf = (through: Vault, { id, projects = [] }: BuildRecord) =>
      claimBuild(store, through, suffix, { id, projects })
    const theirClaim = await claimOf(vault, their)

    let others: Promise<unknown> | undefined
    const slow: Vault = {
      ...vault,
      async record(build) {
        others ??= vault.record(their).then(() => theirClaim.settle(their))
        await others
        return vault.record(build)
      },
    }
    const claim = await claimOf(slow, our)
    await vault.record(our)
    await claim.settle(our)
    const kept = [their, our].map(({ id }) => id).sort()[0]
    expect((await vault.records()).map(({ id, projects }) => [id, projects])).toEqual([[kept, ['api', 'web']]])
  },
)
