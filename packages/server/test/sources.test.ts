import { openVault } from '@mapseal/core'
import { expect, it } from 'vitest'
import { sealedBuild } from '../../../test/server/sealed-build.ts'
import { startServer } from './start.ts'

/** What the scripts of a build are made of. */

it('the sources of a script are answered, however many builds there are since', async () => {
  await using server = await startServer()
  const cart = { path: 'cart.js', source: 'throw new Error("x")', sourceName: '../src/cart.ts' }
  const build = await sealedBuild(server.dir, 'shop@1', [cart], {})
  const vault = openVault(server.dir, server.dir)
  for (let minute = 100; minute < 201; minute++)
    await vault.record({ ...build, id: `20991121T101500${minute}Z-00000000`, files: [] })
  const ask = (id: string, script = build.files[0]?.debugId) =>
    fetch(`${server.url}/api/builds/${id}/sources/${script}`)
  await server.looksAgain()
  const answer = await ask(build.id)
  expect(answer.status).toBe(200)
  const { sources } = await answer.json()
  expect(sources.map(({ source }: { source?: string }) => source)).toContain('src/cart.ts')
  expect((await ask('20991121T101500100Z-00000000')).status).toBe(404)
  expect((await ask(build.id, 'nothing')).status).toBe(404)
  expect((await ask('..%2Fkeys')).status).toBe(404)
})
