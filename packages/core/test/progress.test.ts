import { expect, test } from 'vitest'
import { createProgress } from '../src/deliver/progress.ts'

function watch(isTTY: boolean) {
  const state = { time: 0, lines: [] as string[], screen: '' }
  const write = (line: string) => void state.lines.push(line)
  const screen = {
    isTTY,
    write(text: string) {
      state.screen += text
    },
  }
  const progress = createProgress('sentry', { info: write, warn: write, error: write }, screen, () => state.time)
  const at = (ms: number, sent: number) => {
    state.time = ms
    progress.report(sent, 10_000_000)
  }
  return { state, progress, at }
}

test('a short delivery shows nothing', () => {
  const { state, progress, at } = watch(true)
  at(900, 9_000_000)
  progress.end()
  expect([state.lines, state.screen]).toEqual([[], ''])
})

test('a terminal shows a bar, and wipes it away', () => {
  const { state, progress, at } = watch(true)
  at(1500, 5_000_000)
  expect(state.screen).toBe(`\r[mapseal] [sentry] 5.0 of 10.0 MB ${'█'.repeat(12)}${'░'.repeat(12)}\x1b[K`)
  progress.end()
  expect(state.screen.endsWith('\r\x1b[K')).toBe(true)
})

test('elsewhere a line comes every few seconds', () => {
  const { state, progress, at } = watch(false)
  for (let second = 1; second <= 12; second++) at(second * 1000, second * 500_000)
  progress.end()
  expect(state.lines).toEqual(['0.5', '3.0', '5.5'].map(sent => `[mapseal] [sentry] ${sent} of 10.0 MB`))
  expect(state.screen).toBe('')
})
