import { describe, expect, test } from 'vitest'
import { buildRollup, originalOf, place } from './cases.ts'

/** Plugins that put several scripts into one, as those for user scripts and browser extensions do. */

const files = {
  'src/shared.js': `// a comment
export function boom(order) {
  if (!order.price) throw new Error('boom-shared')
}
import('./lazy.js').then(({ lazy }) => lazy(boom))
`,
  'src/lazy.js': `// another
export function lazy(boom) {
  if (!boom()) throw new Error('boom-lazy')
}
`,
}

interface Chunk {
  type: string
  isEntry: boolean
  fileName: string
  code: string
}

type Change = (entry: Chunk, lazy: Chunk) => void

const merge = (change: Change) => () => ({
  name: 'merge',
  generateBundle(_: unknown, bundle: Record<string, Chunk>) {
    const chunks = Object.values(bundle).filter(file => file.type === 'chunk')
    const entry = chunks.find(file => file.isEntry) as Chunk
    const lazy = chunks.find(file => !file.isEntry) as Chunk
    change(entry, lazy)
    delete bundle[lazy.fileName]
  },
})

const wrapped = (...codes: string[]) => codes.map(code => `define(() => {\n${code}\n})`).join('\n')

describe.each(['rollup', 'rolldown'] as const)('%s', bundler => {
  test.each<[string, string, Change]>([
    [
      'renamed',
      'app.user.js',
      (entry, lazy) => {
        Object.assign(entry, { code: `${wrapped(entry.code, lazy.code)}\nstart()`, fileName: 'app.user.js' })
      },
    ],
    [
      'of the same name',
      'shared.js',
      (entry, lazy) => {
        entry.code = wrapped(entry.code, lazy.code)
      },
    ],
    [
      'that end in the comment of the other',
      'app.user.js',
      (entry, lazy) => {
        Object.assign(entry, { code: entry.code + lazy.code, fileName: 'app.user.js' })
      },
    ],
  ])('two scripts in one %s: both decode', async (_, path, change) => {
    const built = await buildRollup(bundler, await place(files), ours => [...ours, merge(change)()])
    expect(Object.keys(built.files)).toEqual([path])
    expect(built.records.flatMap(({ files }) => files).map(file => [file.path, file.fate])).toEqual([
      [path, 'inlined'],
      [path, 'inlined'],
    ])
    expect(await originalOf(built, path, 'boom-shared')).toBe('shared.js:3')
    expect(await originalOf(built, path, 'boom-lazy')).toBe('lazy.js:3')
  })

  test('a script that is renamed and rewritten: the build says that it does not decode', async () => {
    const rewrite = merge(entry => {
      Object.assign(entry, { code: `'use strict';throw new Error('boom-shared')`, fileName: 'app.user.js' })
    })
    const built = await buildRollup(bundler, await place(files), ours => [...ours, rewrite()])
    expect(await originalOf(built, 'app.user.js', 'boom-shared')).toMatch(/no longer fits|changed it after/)
    expect(built.report).toMatchObject({ scripts: 1, decodable: 0 })
  })
})
