import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openVault } from '@mapseal/core'
import rollupPlugin from 'mapseal/rollup'
import { rollup } from 'rollup'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isMap, readFolder } from './matrix/files.ts'

/** Programs often never close Rollup's bundle; their builds must be recorded all the same. */

let dir: string
let finish: () => void
let finished: Promise<void>
beforeEach(async () => {
  finished = new Promise(resolve => {
    finish = resolve
  })
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/unclosed-'))
  await writeFile(join(dir, 'main.js'), 'console.log(1)')
})
afterEach(() => rm(dir, { recursive: true }))

/** The summary is the last line of a build. */
const logger = { info: (line: string) => line.includes('decodable') && finish(), warn() {}, error() {} }

async function records() {
  await finished
  return openVault('vault', dir).records()
}

const open = () =>
  rollup({ input: join(dir, 'main.js'), plugins: [rollupPlugin({ vault: join(dir, 'vault'), logger })] })

test('parallel outputs of a bundle that is not closed make one record', async () => {
  const bundle = await open()
  await Promise.all(['es', 'cjs'].map(format => bundle.write({ dir: join(dir, format), format: format as 'es' })))
  const found = await records()
  expect(found).toHaveLength(1)
  expect(found[0]?.files.map(file => file.path)).toEqual(['main.js', 'main.js'])
  expect([...(await readFolder(dir)).keys()].filter(isMap)).toEqual([])
})

test('an output that is only generated is sealed too', async () => {
  const { output } = await (await open()).generate({ sourcemap: true })
  expect(output.map(file => file.fileName)).toEqual(['main.js'])
  expect(output[0].code).toMatch(/\n\/\/# debugId=[-0-9a-f]{36}\n$/)
  expect((await records())[0]?.files).toMatchObject([{ path: 'main.js', map: {} }])
})
