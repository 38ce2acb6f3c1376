import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

/** The example of docs/writing-a-destination.md has 25 lines, and passes the contract by the test that the page has. */

const temp = join(import.meta.dirname, '.tmp')
await mkdir(temp, { recursive: true })
const dir = await mkdtemp(join(temp, 'destination-'))
afterAll(() => rm(dir, { recursive: true }))

const page = await readFile(join(import.meta.dirname, '../docs/writing-a-destination.md'), 'utf8')
const blocks = new Map(
  [...page.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```/gms)].map(([, name = '', code = '']) => [name, code]),
)
for (const [name, code] of blocks) await writeFile(join(dir, name), code)

await import(join(dir, 'tracker.test.ts'))

test('the example is short', () => {
  const lines = blocks.get('tracker.ts')?.trim().split('\n')
  expect(lines?.length).toBeLessThanOrEqual(25)
})
