import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { runNode } from '../../../test/support/command.ts'
import { startSentry } from '../../../test/support/sentry-server.ts'

const require = createRequire(import.meta.url)
const script = require.resolve('./sentry-upload-memory-run.ts')

async function peak(...args: string[]): Promise<number> {
  const { code, stdout, stderr } = await runNode(['-C', 'mapseal-source', '--import', 'tsx', script, ...args], {
    cwd: import.meta.dirname,
  })
  expect(code, stderr).toBe(0)
  return Number(stdout)
}

test('150 MB of maps add less than 120 MB to the peak', async () => {
  const server = await startSentry()
  try {
    const added = (await peak(server.url, '50')) - (await peak(server.url, '1'))
    console.info(`150 MB of maps: ${Math.round(added / 1e6)} MB more at the peak, ${server.chunkBytes()} bytes sent`)
    const sizes = [...server.bundles.values()].map(({ entries }) =>
      [...entries.values()].reduce((sum, { length }) => sum + length, 0),
    )
    expect(Math.max(...sizes)).toBeGreaterThan(150e6)
    expect(added).toBeLessThan(120e6)
  } finally {
    await server.close()
  }
})
