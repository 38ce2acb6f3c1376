import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from '@babel/parser'
import fastGlob from 'fast-glob'
import { expect, it } from 'vitest'
import { findFunctions } from '../src/symbolicate/source/functions.ts'
import { functionsOf } from './functions-parsed.ts'

/** The functions that are found by their shape, beside those of a parser. */

const root = join(import.meta.dirname, '../../..')

it.each([
  ["this project's TypeScript", ['packages/*/src/**/*.ts', 'test/**/*.ts', '!**/node_modules/**', '!**/*.d.ts']],
  ["a library's TypeScript", ['node_modules/rxjs/src/**/*.ts']],
  ['a framework', ['node_modules/react-dom/cjs/react-dom-client.development.js']],
  ['many small modules', ['node_modules/lodash-es/*.js']],
])('in %s they have the same names', async (_, patterns) => {
  const wrong: string[] = []
  let count = 0
  for (const path of await fastGlob(patterns, { cwd: root })) {
    const text = await readFile(join(root, path), 'utf8')
    const plugins = path.endsWith('.ts') ? (['typescript', 'decorators-legacy'] as const) : (['jsx'] as const)
    const parsed = functionsOf(parse(text, { sourceType: 'module', plugins: [...plugins] }).program)
    const found = findFunctions(text)
    for (const { end, name } of parsed) {
      count += 1
      const shown = found.at(end - 1)
      if (!shown || shown.name !== name) wrong.push(`${path}: ${name} is ${shown ? shown.name : 'not found'}`)
    }
  }
  expect(count).toBeGreaterThan(100)
  // What remains are types of more than 60 tokens, and functions in brackets.
  expect(wrong.length / count, wrong.slice(0, 20).join('\n')).toBeLessThan(0.005)
})
