import { mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { writtenFiles } from '../src/build/written-files.ts'

async function twoFiles() {
  const dir = mkdtempSync(join(tmpdir(), 'written-'))
  const [first, last] = [join(dir, 'a.js'), join(dir, 'b.js')]
  writeFileSync(first, 'a()')
  await sleep(50) // More than a tick of the clock that stamps files.
  writeFileSync(last, 'b()')
  const written = writtenFiles()
  written.add([first, last, join(dir, 'none.js')])
  return { written, first, last }
}

test('a file is known to be as it was written, but for those of the last moment', async () => {
  const { written, first, last } = await twoFiles()
  expect(written.has(first)).toBe(true)
  expect(written.has(last)).toBe(false)
  expect(written.has('/of/another/build.js')).toBe(false)
})

test('no longer when it is written again, at once and with as many bytes, or replaced by another', async () => {
  const { written, first } = await twoFiles()
  writeFileSync(first, 'c()')
  expect(written.has(first)).toBe(false)
  const other = await twoFiles()
  renameSync(other.last, other.first)
  expect(other.written.has(other.first)).toBe(false)
})
