import type { OriginalPosition } from '@mapseal/core/symbolicate'
import { expect, test } from 'vitest'
import { createTrimmer } from '../src/symbolicate/trim.ts'

const position = (lines: string[]): OriginalPosition => ({
  source: 'src/a.ts',
  line: 1,
  column: 0,
  isIgnored: false,
  isExact: true,
  context: { firstLine: 1, lines },
})

test('what people write stays as it is', () => {
  const written = { ...position(['a()', '', 'x'.repeat(1000)]), name: 'a', inlinedInto: [position(['b()'])] }
  expect(createTrimmer()(written)).toEqual(written)
})

test('lines, names and paths of megabytes are cut', () => {
  const long = 'y'.repeat(5_000_000)
  const enclosing = { name: long, from: 'scopes' as const }
  const cut = createTrimmer()({ ...position([long, 'b()']), source: long, name: long, function: long, enclosing })
  const short = `${long.slice(0, 1000)}…`
  expect(cut).toEqual({
    ...position([short, 'b()']),
    ...{ source: short, name: short, function: short, enclosing: { name: short, from: 'scopes' } },
  })
})

test('many calls around a position, and many positions, lose their source lines', () => {
  const lines = Array.from({ length: 11 }, () => 'z'.repeat(1000))
  const trim = createTrimmer()
  const inlinedInto = Array.from({ length: 100 }, () => position(lines))
  const first = trim({ ...position(lines), inlinedInto })
  expect([first, ...(first.inlinedInto ?? [])].map(call => call.context !== undefined)).toEqual([
    ...[true, true, true],
    ...inlinedInto.slice(2).map(() => false),
  ])
  const answers = Array.from({ length: 10_000 }, () => trim(position(lines)))
  expect(JSON.stringify(answers).length).toBeLessThan(20_000_000)
  expect(answers.at(-1)).toMatchObject({ source: 'src/a.ts', line: 1 })
})
