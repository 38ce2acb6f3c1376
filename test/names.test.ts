import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TraceMap } from '@jridgewell/trace-mapping'
import { parseStack } from '@mapseal/core/symbolicate'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { groupOf } from '../packages/server/src/events/group.ts'
import { buildApp, minifiers } from './names/build.ts'
import { isRight, placeOf, readMarks } from './names/marks.ts'
import { type Frames, readers, readFrames } from './names/readers.ts'
import { runApp } from './names/run.ts'
import { openBrowser } from './support/browser.ts'

/**
 * Functions whose names are known, in errors that are thrown for real: four production builds with four frameworks in each,
 * which takes a while.
 */

const marks = readMarks()
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const framesOf = (stack: string): Frames =>
  parseStack(stack).map(line => (line.kind === 'frame' ? line.frame : undefined))

test.each(minifiers)('every name in code of %s is right, and no two errors of React are one group', async minifier => {
  const { stacks, map } = await throwAll(minifier)
  const tracer = new TraceMap(map)
  const right = new Map(Object.keys(readers).map(reader => [reader, 0]))
  const places = new Set<string>()
  const wrong: string[] = []
  let total = 0
  for (const [name, frames] of stacks) {
    const known = frames
      .map(frame => frame && placeOf(frame, tracer))
      .map(place => (place && marks.has(place) ? place : undefined))
    total += known.filter(Boolean).length
    for (const [reader, read] of Object.entries(readers)) {
      const names = await read(frames, map)
      for (const [index, place] of known.entries()) {
        if (!place) continue
        places.add(place)
        if (isRight(names[index], marks.get(place) ?? [])) right.set(reader, (right.get(reader) ?? 0) + 1)
        else if (reader === 'Mapseal') wrong.push(`${name}: ${place} is not ${names[index]}`)
      }
    }
  }
  console.log(`${minifier}: right names of ${total}: ${[...right].map(pair => pair.join(' ')).join(', ')}`)
  expect(wrong).toEqual([])
  expect(places.size).toBeGreaterThanOrEqual(60)
  await expectInDocs(
    minifier,
    [...right.values()].map(count => (100 * count) / total),
  )

  const react = [...stacks].filter(([name]) => name.startsWith('react-'))
  const groups = react.map(([, frames]) => groupOf([{ type: 'Error', value: '', frames: storedFrames(frames, map) }]))
  expect(react.length).toBe(10)
  expect(new Set(groups).size).toBe(react.length)
})

async function throwAll(minifier: (typeof minifiers)[number]): Promise<{ stacks: [string, Frames][]; map: string }> {
  const built = await buildApp(minifier)
  const [script] = built.scripts.values()
  if (!script) throw new Error('There should be a script.')
  const stacks = Object.entries(await runApp(built, browser))
  return { stacks: stacks.map(([name, stack]) => [name, framesOf(stack)]), map: script.map }
}

function storedFrames(frames: Frames, map: string) {
  return readFrames(frames, map).flatMap(original =>
    original ? [{ generated: {}, original, isInApp: !original.source.includes('node_modules') }] : [],
  )
}

/** The shares in the docs, which another version of a minifier moves a little. */
async function expectInDocs(minifier: string, shares: number[]): Promise<void> {
  const page = await readFile(join(import.meta.dirname, '../docs/names.md'), 'utf8')
  const row = page.split('\n').find(line => line.startsWith(`| ${minifier} `)) ?? ''
  const documented = [...row.matchAll(/(\d+) %/g)].map(([, percent]) => Number(percent))
  expect(documented).toHaveLength(shares.length)
  for (const [index, share] of shares.entries()) expect(Math.abs(share - (documented[index] ?? 0))).toBeLessThan(5)
}
