import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode, type SourceMapMappings } from '@jridgewell/sourcemap-codec'
import { build } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkRegistered } from './invariants/identified.ts'
import { checkSealed } from './invariants/sealed.ts'
import { compareBuilds, compareScript } from './oracle/compare.ts'
import type { Mapping, RawMap } from './oracle/mappings.ts'
import { checkSecondReader, compareReaders, findDifference } from './oracle/second-reader.ts'
import { fixturesDir } from './project.ts'
import { splitTail } from './tail.ts'
import type { Build } from './types.ts'
import { watchForMaps } from './watch.ts'

const snippet = ';!function(){try{var e="undefined"!=typeof globalThis?1:2}catch(e){}}();'
const comment = '\n//# debugId=00000000-0000-4000-8000-000000000000\n'

let code = ''
let map: RawMap = {}

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [`${fixturesDir}chunks/src/main.js`],
    bundle: true,
    minify: true,
    format: 'esm',
    sourcemap: 'external',
    write: false,
    outdir: 'out',
  })
  for (const { path, text } of outputFiles) {
    if (path.endsWith('.map')) map = JSON.parse(text) as RawMap
    else code = text
  }
})

/** The right edit, with a mistake made in it. */
function seal(spoil: (mappings: SourceMapMappings, map: RawMap) => void = () => {}): { code: string; map: RawMap } {
  const copy = structuredClone(map)
  const mappings = decode(copy.mappings as string)
  for (const segment of mappings[0] ?? []) segment[0] += snippet.length
  spoil(mappings, copy)
  return { code: `${snippet}${code.trimEnd()}${comment}`, map: { ...copy, mappings: encode(mappings), debugId: '0' } }
}

const problemsOf = (sealed: { code: string; map: RawMap | undefined }) => compareScript({ code, map }, sealed).problems

describe('the oracle accepts', () => {
  test('the right edit, and counts every mapping', () => {
    const { count, problems } = compareScript({ code, map }, seal())
    expect(problems).toEqual([])
    expect(count).toBe(decode(map.mappings as string).flat().length)
    expect(count).toBeGreaterThan(50)
  })
})

describe('the oracle refuses', () => {
  const bump = (field: number) => (mappings: SourceMapMappings) => {
    const segment = mappings[0]?.[7] as number[]
    segment[field] = Number(segment[field]) + 1
  }
  const change = (fields: (of: RawMap) => Partial<RawMap>) => (_: SourceMapMappings, copy: RawMap) => {
    Object.assign(copy, fields(copy))
  }
  const spoils: Record<string, (mappings: SourceMapMappings, map: RawMap) => void> = {
    'one segment a column further': bump(0),
    'one segment of another source': bump(1),
    'one segment of another original line': bump(2),
    'one segment of another original column': bump(3),
    'one segment less': mappings => void mappings[0]?.splice(7, 1),
    'one segment more': mappings => void mappings[0]?.push([100_000]),
    'segments that did not move': mappings => {
      for (const segment of mappings[0] ?? []) segment[0] -= snippet.length
    },
    'another line': mappings => void mappings.unshift([]),
    'other names': change(({ names }) => ({ names: names?.map(name => `${name}x`) })),
    'other sources': change(({ sources }) => ({ sources: sources?.map(source => `x${source}`) })),
    'other content': change(() => ({ sourcesContent: [''] })),
    'another ignore list': change(() => ({ ignoreList: [0] })),
    'another root': change(() => ({ sourceRoot: '/' })),
  }
  for (const [mistake, spoil] of Object.entries(spoils)) {
    test(mistake, () => expect(problemsOf(seal(spoil))).not.toEqual([]))
  }

  test('a snippet in another place than the map says', () => {
    const at = decode(map.mappings as string)[0]?.[7]?.[0]
    const moved = `${code.slice(0, at)}${snippet}${code.slice(at).trimEnd()}${comment}`
    expect(problemsOf({ ...seal(), code: moved })).not.toEqual([])
  })
  test('two snippets', () => expect(problemsOf({ ...seal(), code: snippet + seal().code })).not.toEqual([]))
  test('code that changed', () =>
    expect(problemsOf({ ...seal(), code: seal().code.replace('hello', 'hallo') })).not.toEqual([]))
  test('a missing map', () => expect(problemsOf({ ...seal(), map: undefined })).not.toEqual([]))

  test('a missing and an extra script', () => {
    const buildOf = (path: string): Build => ({
      outDir: '',
      files: new Map([[path, Buffer.from(code)]]),
      maps: new Map([[path, Buffer.from(JSON.stringify(map))]]),
    })
    expect(compareBuilds(buildOf('a.js'), buildOf('b.js')).problems).toHaveLength(2)
  })
})

describe('index maps', () => {
  const section = (line: number, column: number, mappings: string) => ({
    offset: { line, column },
    map: { version: 3, sources: ['a.js'], names: [], mappings },
  })
  const indexed: RawMap = { version: 3, sections: [section(0, 0, 'AAAA'), section(0, 5, 'AAAC')] }
  const script = 'one();two()'

  test('are compared with their offsets', () => {
    const by = snippet.length
    const right: RawMap = {
      ...indexed,
      sections: [section(0, 0, encode([[[by, 0, 0, 0]]])), section(0, 5 + by, 'AAAC')],
    }
    const check = (sealed: RawMap) =>
      compareScript({ code: script, map: indexed }, { code: snippet + script + comment, map: sealed }).problems
    expect(check(right)).toEqual([])
    expect(
      check({ ...right, sections: [right.sections?.[0], section(0, 5, 'AAAC')] as RawMap['sections'] }),
    ).not.toEqual([])
  })
})

describe('the second reader', () => {
  test('finds every mapping that the oracle finds', async () => {
    expect(await compareReaders(map)).toBeUndefined()
    expect(await checkSecondReader(new Map([['a.js', Buffer.from(JSON.stringify(seal().map))]]))).toEqual([])
  })

  test('reads sections, mappings without a source, and several at one position', async () => {
    const inner = { version: 3, sources: ['a.js', 'b.js'], names: ['x'], mappings: 'A,CAAAA,ACCA,ADDA;AAAA' }
    expect(await compareReaders(inner)).toBeUndefined()
    const sections = [0, 9].map(column => ({ offset: { line: 0, column }, map: { ...inner, mappings: 'AAAA,CAAA' } }))
    expect(await compareReaders({ version: 3, sections })).toBeUndefined()
  })

  test.each<[string, Mapping[], string]>([
    [
      'another column',
      [
        [0, 0, '0', 0, 0],
        [0, 5, '0', 0, 4],
      ],
      'mapping 1 is [0,4,"0",0,4], and [0,5,"0",0,4]',
    ],
    [
      'another name',
      [
        [0, 0, '0', 0, 0],
        [0, 4, '0', 0, 4, 'x'],
      ],
      'mapping 1 is [0,4,"0",0,4], and [0,4,"0",0,4,"x"]',
    ],
    ['one less', [[0, 0, '0', 0, 0]], 'mapping 1 is [0,4,"0",0,4], and missing'],
    [
      'one more',
      [
        [0, 0, '0', 0, 0],
        [0, 4, '0', 0, 4],
        [1, 0],
      ],
      'mapping 2 is missing, and [1,0]',
    ],
  ])('differs where it has %s', (_, mozilla, message) => {
    const oracle: Mapping[] = [
      [0, 0, '0', 0, 0],
      [0, 4, '0', 0, 4],
    ]
    expect(findDifference(oracle, [...oracle].reverse())).toBeUndefined()
    expect(findDifference(oracle, mozilla)).toContain(message)
  })
})

describe('the other checks refuse', () => {
  test('a map, a comment, an inline map and a map under another name', () => {
    const files = new Map(
      Object.entries({
        'a.js.map': '{}',
        'b.js': 'b()\n//# sourceMappingURL=b.js.map\n',
        'c.js': 'c()\n//# sourceMappingURL=data:application/json;base64,e30=\n//# debugId=1\n',
        'd.json': '{"version":3,"mappings":"AAAA"}',
        'e.js': "e('//# sourceMappingURL=e.js.map')\n",
      }).map(([path, text]) => [path, Buffer.from(text)]),
    )
    expect(checkSealed(files).map(problem => problem.split(/[ :]/)[1])).toEqual(['a.js.map', 'b.js', 'c.js', 'd.json'])
  })

  test('an ID that is missing, doubled, or of another script', () => {
    const expected = new Map([
      ['a.js', '1'],
      ['b/a.js', '2'],
    ])
    const stack = (path: string) => `Error\n    at file:///x/${path}:1:2`
    expect(checkRegistered({ [stack('a.js')]: '1', [stack('b/a.js')]: '2' }, expected)).toEqual([])
    expect(checkRegistered({ [stack('a.js')]: '1' }, expected)).toHaveLength(1)
    expect(checkRegistered({ [stack('a.js')]: '2', [stack('b/a.js')]: '2' }, expected)).toHaveLength(1)
    expect(
      checkRegistered({ [stack('a.js')]: '1', [stack('b/a.js')]: '2', [stack('c.js')]: '3' }, expected),
    ).toHaveLength(1)
  })

  test('a map that was there for a moment, while the process was busy', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'watch-'))
    const watcher = await watchForMaps(dir, ['chunks'])
    await writeFile(join(dir, 'chunks/a.js.map'), '{}')
    await rm(join(dir, 'chunks/a.js.map'))
    expect(await watcher.stop()).toEqual(['chunks/a.js.map'])
    await rm(dir, { recursive: true })
  })
})

test('trailing comments are read from the end', () => {
  expect(splitTail('a()\n//# debugId=1\n//# sourceMappingURL=a.map\n\n')).toEqual({
    body: 'a()',
    debugIds: ['1'],
    mapUrls: ['a.map'],
  })
  expect(splitTail('`\n//# debugId=1\n`').debugIds).toEqual([])
})
