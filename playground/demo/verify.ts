import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExpectedFrame, Scenario } from './scenarios.ts'
import type { Frame } from './symbolicate.ts'

const PLAYGROUND = join(import.meta.dirname, '..')

/** What is wrong with a symbolicated stack, a line each: every expected frame must be there, in order, and none unread. */
export function complaintsOf(scenario: Scenario, frames: Frame[]): string[] {
  const unread = frames.filter(frame => !frame.original).map(frame => `unread: ${frame.raw.trim()}`)
  const wrong: string[] = []
  let from = 0
  for (const [index, expected] of scenario.frames.entries()) {
    const found = frames.findIndex((frame, position) => position >= from && matches(frame, expected))
    const isAt = index === 0 ? found === 0 : found >= 0
    if (isAt) from = found + 1
    else wrong.push(`missing: ${expected.file}:${lineOf(expected)} ${expected.text}`)
  }
  return [...unread, ...wrong]
}

function matches({ original }: Frame, expected: ExpectedFrame): boolean {
  if (!original) return false
  const isFile = original.source === expected.file || original.source.endsWith(`/${expected.file}`)
  return isFile && original.line === lineOf(expected) && original.text.trim() === expected.text
}

/** From 1, in the file on disk. @throws if the text is not there exactly once. */
function lineOf({ file, text }: ExpectedFrame): number {
  const lines = readFileSync(join(PLAYGROUND, file), 'utf8').split('\n')
  const [line, ...others] = lines.flatMap((candidate, index) => (candidate.trim() === text ? [index + 1] : []))
  if (line === undefined || others.length > 0) throw new Error(`${file} has not exactly one line: ${text}`)
  return line
}
