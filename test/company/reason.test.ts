import { join } from 'node:path'
import { vite as vite7 } from '@mapseal-test/vite7'
import { directory } from 'mapseal/destinations/directory'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
import { type Built, buildRollup, buildVite, place } from './cases.ts'

/** In a build that fails for another's reason, that reason is what is shown, also where a delivery depends on the build. */

const failed = 'the other plugin failed'
const hooks = ['buildStart', 'transform', 'renderStart', 'renderChunk', 'generateBundle', 'writeBundle'] as const

function failing(hook: string): object {
  return {
    name: 'other',
    [hook]() {
      throw new Error(failed)
    },
  }
}

/** Fails where ours is part of the build, and only there: the build without it is to pass. */
const inCompany = (hook: string, where: 'before' | 'after') => (ours: unknown[]) => {
  if (ours.length === 0) return []
  return where === 'before' ? [failing(hook), ...ours] : [...ours, failing(hook)]
}

async function options() {
  const dir = await place()
  return { dir, options: { destinations: [directory({ path: join(dir, 'delivered') })] } }
}

function expectReason({ dir, failure, lines, records }: Built): void {
  expect(failure?.message).toContain(failed)
  // Some bundlers add the stack, in which our files stand, and the file that the plugin was at.
  const said = failure?.message.replaceAll(/\n\s+at .*/g, '').replaceAll(dir, '')
  expect(said).not.toContain('mapseal')
  expect(lines.join('\n')).not.toMatch(/No script|decodable|delivered to/)
  // One of them may say what was kept of the files that were written.
  expect(lines.filter(line => !line.includes('The build failed after'))).toEqual([])
  for (const { deliveries } of records) expect(deliveries).toMatchObject({ directory: { state: 'pending' } })
}

describe.each(['before', 'after'] as const)('a plugin %s ours fails', where => {
  test.each(hooks)('Vite 8, %s', async hook => {
    const { dir, options: given } = await options()
    expectReason(await buildVite(vite8, dir, inCompany(hook, where) as never, {}, given))
  })

  test.each(hooks)('Vite 7, %s', async hook => {
    const { dir, options: given } = await options()
    expectReason(await buildVite(vite7, dir, inCompany(hook, where) as never, {}, given))
  })

  // Rollup and Rolldown tell no plugin that another's writeBundle failed.
  const known = hooks.filter(hook => hook !== 'writeBundle')

  test.each(known)('Rollup, %s', async hook => {
    const { dir, options: given } = await options()
    expectReason(await buildRollup('rollup', dir, inCompany(hook, where), given))
  })

  test.each(known)('Rolldown, %s', async hook => {
    const { dir, options: given } = await options()
    expectReason(await buildRollup('rolldown', dir, inCompany(hook, where), given))
  })
})
