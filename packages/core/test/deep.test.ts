import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { createMapComparison } from '../src/check/deep.ts'

const compare = async (map: unknown) => (await createMapComparison())(Buffer.from(JSON.stringify(map)))
const regular = { version: 3, sources: ['a.ts', null, 'a.ts'], names: ['x', 'y'] }

describe('both readers read the same', () => {
  it('in every mapping of a real map', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "export * from 'rxjs'", resolveDir: `${import.meta.dirname}/../../../test/toolchains/real` },
      bundle: true,
      minify: true,
      write: false,
      outfile: 'app.js',
      sourcemap: 'external',
    })
    const text = outputFiles.find(({ path }) => path.endsWith('.map'))?.text ?? ''
    const { mappings, differences } = await compare(JSON.parse(text))
    expect(differences).toEqual([])
    expect(mappings).toBeGreaterThan(5000)
  })

  it.each([
    ['without mappings', { ...regular, mappings: '' }, 0],
    ['with code that has no original, and names', { ...regular, mappings: 'A,CAAAA,EACAC;;AAAA' }, 4],
    ['with several mappings at one position', { ...regular, mappings: 'AAAA,AEAAA,ADCA;AAAA' }, 4],
    ['whose columns do not ascend', { ...regular, mappings: 'IAAA,FAEA,CACA' }, 3],
    ['with a root and sources without a name', { ...regular, sourceRoot: '../src', mappings: 'AAAA,CCAA' }, 2],
    [
      'with sections',
      {
        version: 3,
        sections: [
          { offset: { line: 0, column: 0 }, map: { ...regular, mappings: 'AAAA,CAAC' } },
          { offset: { line: 0, column: 9 }, map: { ...regular, sources: ['b.ts'], mappings: 'AAEA;AACA' } },
        ],
      },
      4,
    ],
  ])('%s', async (_, map, mappings) => {
    expect(await compare(map)).toEqual({ mappings, differences: [] })
  })
})

describe('a difference is found', () => {
  it('where one reader cannot read the map', async () => {
    const { differences } = await compare({ ...regular, mappings: 'AA' })
    expect(differences).toEqual([{ message: expect.stringContaining('the two readers cannot be compared: ') }])
  })

  it('where a section goes beyond the next', async () => {
    const section = (column: number, mappings: string) => ({
      offset: { line: 0, column },
      map: { ...regular, mappings },
    })
    const { differences } = await compare({ version: 3, sections: [section(0, 'AAAA,UAAAA'), section(5, 'AAEA')] })
    expect(differences).toEqual([
      { at: { line: 1, column: 10 }, message: 'source-map reads a.ts:1:1 x, Mapseal nothing' },
    ])
  })
})
