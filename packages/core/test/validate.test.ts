import { SourceMapConsumer } from 'source-map'
import { describe, expect, it } from 'vitest'
import { inspectMap, validateMap } from '../src/map/validate/validate.ts'

const basic = { version: 3, sources: ['a.js'], names: ['foo'], mappings: 'AAAA' }

function bytes(map: unknown): Uint8Array {
  return new TextEncoder().encode(typeof map === 'string' ? map : JSON.stringify(map))
}

function problems(map: unknown): string[] {
  return validateMap(bytes(map)).map(({ path, message }) => `${path}: ${message}`)
}

function section(line: number, column: number, map: unknown = basic) {
  return { offset: { line, column }, map }
}

function countSegments(map: { mappings?: string; sections?: { map: { mappings: string } }[] }): number {
  const all = [map.mappings ?? '', ...(map.sections ?? []).map(section => section.map.mappings)]
  return all.join(';').split(/[,;]/).filter(Boolean).length
}

const valid: Record<string, object> = {
  'a basic map': basic,
  'no mappings at all': { ...basic, mappings: '' },
  'no names': { version: 3, sources: ['a.js'], mappings: 'AAAA' },
  'every optional field': {
    ...basic,
    file: 'out.js',
    sourceRoot: '/src',
    sourcesContent: ['foo()'],
    ignoreList: [0],
    debugId: '85314830-023f-4cf1-a267-535f4e37bb17',
  },
  'null sources with null content': { ...basic, sources: [null], sourcesContent: [null] },
  'null sources with content': { ...basic, sources: [null], sourcesContent: ['foo()'] },
  'less content than sources': { ...basic, sources: ['a.js', 'b.js'], sourcesContent: ['foo()'] },
  'an empty ignore list': { ...basic, ignoreList: [] },
  'an unknown field': { ...basic, foobar: 42 },
  'segments of 1, 4 and 5 fields': { ...basic, mappings: 'A,CAAA,CAAAA' },
  'empty lines': { ...basic, mappings: ';;;AAAA;;;;AACA;;' },
  'segments out of order within a line': { ...basic, mappings: 'UAAA,VAAA' },
  // The second segment goes back in every field but the first.
  'negative relative values': { ...basic, sources: ['a.js', 'b.js'], names: ['a', 'b'], mappings: 'ACUUC,CDVVD' },
  'the largest values of 32 bits': { ...basic, mappings: '+/////DA+/////D+/////DA' },
  'a long VLQ of a small value': { ...basic, mappings: 'ggggggggggggggggggAAAA' },
  'an index map': { version: 3, sections: [section(0, 0), section(0, 5), section(2, 0)] },
  'an index map without sections': { version: 3, sections: [] },
}

const invalid: [name: string, map: unknown, problem: string][] = [
  ['a list', [], ': must be a JSON object'],
  ['a missing version', { ...basic, version: undefined }, 'version: must be the number 3, not undefined'],
  ['a version in quotes', { ...basic, version: '3' }, 'version: must be the number 3, not "3"'],
  ['another version', { ...basic, version: 2 }, 'version: must be the number 3, not 2'],
  ['missing sources', { ...basic, sources: undefined, mappings: '' }, 'sources: must be a list'],
  ['sources as text', { ...basic, sources: 'a.js', mappings: '' }, 'sources: must be a list'],
  ['a number among sources', { ...basic, sources: [3] }, 'sources[0]: must be a string or null'],
  ['content as text', { ...basic, sourcesContent: 'foo()' }, 'sourcesContent: must be a list'],
  ['a number among contents', { ...basic, sourcesContent: [3] }, 'sourcesContent[0]: must be a string or null'],
  ['more content than sources', { ...basic, sourcesContent: ['', ''] }, 'sourcesContent: has 2 items for 1 sources'],
  ['names as text', { ...basic, names: 'foo' }, 'names: must be a list'],
  ['null among names', { ...basic, names: [null] }, 'names[0]: must be a string'],
  ['a number as file', { ...basic, file: 3 }, 'file: must be a string'],
  ['a list as source root', { ...basic, sourceRoot: [] }, 'sourceRoot: must be a string'],
  ['scopes as a list', { ...basic, scopes: [] }, 'scopes: must be a string'],
  ['range mappings as a list', { ...basic, rangeMappings: [] }, 'rangeMappings: must be a string'],
  ['an ignore list as text', { ...basic, ignoreList: '0' }, 'ignoreList: must be a list'],
  [
    'text in the ignore list',
    { ...basic, ignoreList: ['0'] },
    'ignoreList[0]: must be the index of one of the 1 sources',
  ],
  [
    'an ignore list out of range',
    { ...basic, ignoreList: [1] },
    'ignoreList[0]: must be the index of one of the 1 sources',
  ],
  [
    'a negative ignore list',
    { ...basic, ignoreList: [-1] },
    'ignoreList[0]: must be the index of one of the 1 sources',
  ],
  ['half an index', { ...basic, ignoreList: [0.5] }, 'ignoreList[0]: must be the index of one of the 1 sources'],
  [
    'the old ignore list out of range',
    { ...basic, x_google_ignoreList: [7] },
    'x_google_ignoreList[0]: must be the index of one of the 1 sources',
  ],
  [
    'a debug ID without dashes',
    { ...basic, debugId: '85314830023f4cf1a267535f4e37bb17' },
    'debugId: must be a UUID with dashes',
  ],
  [
    'two debug IDs',
    { ...basic, debugId: '85314830-023f-4cf1-a267-535f4e37bb17', debug_id: '00000000-023f-4cf1-a267-535f4e37bb17' },
    'debug_id: differs from debugId',
  ],

  ['missing mappings', { ...basic, mappings: undefined }, 'mappings: must be a string'],
  ['mappings as a number', { ...basic, mappings: 5 }, 'mappings: must be a string'],
  ['mappings as a list', { ...basic, mappings: [[0, 0, 0, 0]] }, 'mappings: must be a string'],
  [
    'a character that is not a digit',
    { ...basic, mappings: 'A$AA' },
    'mappings line 1, segment 1: "$" is not a base64 digit',
  ],
  ['a character beyond ASCII', { ...basic, mappings: 'AAAé' }, 'mappings line 1, segment 1: "é" is not a base64 digit'],
  ['base64 padding', { ...basic, mappings: 'AAAA=' }, 'mappings line 1, segment 1: "=" is not a base64 digit'],
  ['another separator', { ...basic, mappings: 'AAAA AAAA' }, 'mappings line 1, segment 1: " " is not a base64 digit'],
  ['a VLQ cut off', { ...basic, mappings: 'AAAA;AAg' }, 'mappings line 2, segment 1: its last VLQ is cut off'],
  [
    'a segment without fields',
    { ...basic, mappings: 'AAAA,,AAAA' },
    'mappings line 1, segment 2: it has 0 fields, neither 1, 4 nor 5',
  ],
  [
    'a trailing comma',
    { ...basic, mappings: 'AAAA,;' },
    'mappings line 1, segment 2: it has 0 fields, neither 1, 4 nor 5',
  ],
  [
    'a leading comma',
    { ...basic, mappings: ',AAAA' },
    'mappings line 1, segment 1: it has 0 fields, neither 1, 4 nor 5',
  ],
  ['two fields', { ...basic, mappings: 'AA' }, 'mappings line 1, segment 1: it has 2 fields, neither 1, 4 nor 5'],
  ['three fields', { ...basic, mappings: 'AAA' }, 'mappings line 1, segment 1: it has 3 fields, neither 1, 4 nor 5'],
  ['six fields', { ...basic, mappings: 'AAAAAA' }, 'mappings line 1, segment 1: it has 6 fields, neither 1, 4 nor 5'],
  [
    'a source out of range',
    { ...basic, mappings: ';;AAAA,ACAA' },
    'mappings line 3, segment 2: source 1 is not among the 1 sources',
  ],
  [
    'a name out of range',
    { ...basic, mappings: 'AAAAC' },
    'mappings line 1, segment 1: name 1 is not among the 1 names',
  ],
  [
    'a name without names',
    { ...basic, names: undefined, mappings: 'AAAAA' },
    'mappings line 1, segment 1: name 0 is not among the 0 names',
  ],
  ['a negative column', { ...basic, mappings: 'DAAA' }, 'mappings line 1, segment 1: generated column is negative'],
  [
    'a column that goes below zero',
    { ...basic, mappings: 'CAAA,FAAA' },
    'mappings line 1, segment 2: generated column is negative',
  ],
  ['a negative source', { ...basic, mappings: 'ADAA' }, 'mappings line 1, segment 1: source is negative'],
  ['a negative original line', { ...basic, mappings: 'AADA' }, 'mappings line 1, segment 1: original line is negative'],
  [
    'a negative original column',
    { ...basic, mappings: 'AAAD' },
    'mappings line 1, segment 1: original column is negative',
  ],
  ['a negative name', { ...basic, mappings: 'AAAAD' }, 'mappings line 1, segment 1: name is negative'],
  [
    'minus zero, which stands for -2^31',
    { ...basic, mappings: 'BAAA' },
    'mappings line 1, segment 1: generated column is negative',
  ],
  ['33 bits', { ...basic, mappings: 'ggggggEAAA' }, 'mappings line 1, segment 1: generated column exceeds 32 bits'],
  [
    'a sum of more than 32 bits',
    { ...basic, mappings: '+/////D,C' },
    'mappings line 1, segment 2: generated column exceeds 32 bits',
  ],

  ['sections that are not a list', { version: 3, sections: {} }, 'sections: must be a list'],
  ['a section that is not an object', { version: 3, sections: [null] }, 'sections[0]: must be an object'],
  ['mappings beside sections', { version: 3, sections: [], mappings: '' }, 'mappings: has no place beside sections'],
  ['an index map without version', { sections: [] }, 'version: must be the number 3, not undefined'],
  [
    'a section with a URL',
    { version: 3, sections: [{ offset: { line: 0, column: 0 }, url: 'a.map' }] },
    'sections[0].map: must be a source map',
  ],
  [
    'a section map as text',
    { version: 3, sections: [section(0, 0, 'a.map')] },
    'sections[0].map: must be a source map',
  ],
  [
    'nested sections',
    { version: 3, sections: [section(0, 0, { version: 3, sections: [] })] },
    'sections[0].map.sections: sections cannot be nested',
  ],
  ['a section without offset', { version: 3, sections: [{ map: basic }] }, 'sections[0].offset: must be an object'],
  [
    'an offset without line',
    { version: 3, sections: [{ offset: { column: 0 }, map: basic }] },
    'sections[0].offset.line: must be an integer of 0 or more',
  ],
  [
    'an offset column as text',
    { version: 3, sections: [{ offset: { line: 0, column: '0' }, map: basic }] },
    'sections[0].offset.column: must be an integer of 0 or more',
  ],
  [
    'a negative offset',
    { version: 3, sections: [section(-1, 0)] },
    'sections[0].offset.line: must be an integer of 0 or more',
  ],
  [
    'sections out of order',
    { version: 3, sections: [section(1, 0), section(0, 0)] },
    'sections[1].offset: must lie after the previous one',
  ],
  [
    'sections at one place',
    { version: 3, sections: [section(0, 0), section(0, 0)] },
    'sections[1].offset: must lie after the previous one',
  ],
  [
    'mappings that reach into the next section',
    { version: 3, sections: [section(0, 0, { ...basic, mappings: ';;AAAA' }), section(1, 0)] },
    'sections[0]: has mappings beyond the start of the next one',
  ],
  [
    'a fault inside a section',
    { version: 3, sections: [section(0, 0), section(1, 0, { ...basic, mappings: ';AA' })] },
    'sections[1].map.mappings line 2, segment 1: it has 2 fields, neither 1, 4 nor 5',
  ],
]

describe('valid maps', () => {
  it.each(Object.entries(valid))('%s', (_, map) => {
    expect(problems(map)).toEqual([])
  })

  // Mozilla's reader wants names, and takes no VLQ longer than 32 bits need.
  const refusedByMozilla = new Set(['no names', 'a long VLQ of a small value'])
  const accepted = Object.entries(valid).filter(([name]) => !refusedByMozilla.has(name))
  it.each(accepted)('%s, read by Mozilla', async (_, map) => {
    const seen = await SourceMapConsumer.with(JSON.stringify(map), null, consumer => {
      let count = 0
      consumer.eachMapping(() => count++)
      return count
    })
    expect(seen).toBe(countSegments(map))
  })

  it('may begin with the prefix against script inclusion', () => {
    expect(problems(`)]}'\n${JSON.stringify(basic)}`)).toEqual([])
  })
})

describe('invalid maps', () => {
  it.each(invalid)('%s', (_, map, problem) => {
    expect(problems(map)).toEqual([problem])
  })

  it('that are not JSON', () => {
    expect(problems('{')).toEqual([expect.stringMatching(/^: is not JSON: /)])
    expect(problems(")]}'")).toEqual([expect.stringMatching(/^: is not JSON: /)])
  })

  it('that are not UTF-8', () => {
    expect(validateMap(Uint8Array.of(0x22, 0xff, 0x22))).toEqual([
      { path: '', message: expect.stringMatching(/^is not JSON: /) },
    ])
  })

  it('get a list of bounded length', () => {
    const map = { ...basic, names: Array(1000).fill(0), mappings: Array(1000).fill('AA').join() }
    expect(validateMap(bytes(map))).toHaveLength(20)
    expect(validateMap(bytes(map), 3)).toHaveLength(3)
  })
})

describe('the last generated position', () => {
  it('is that of the farthest segment, whatever their order', () => {
    expect(inspectMap(bytes({ ...basic, mappings: 'A;;AAAA,UAAA,VAAA;;' })).last).toEqual({ line: 3, column: 10 })
  })

  it('counts the offset of sections', () => {
    const map = { version: 3, sections: [section(0, 0), section(4, 7)] }
    expect(inspectMap(bytes(map)).last).toEqual({ line: 5, column: 7 })
  })

  it('is absent where nothing is mapped', () => {
    expect(inspectMap(bytes({ ...basic, mappings: ';;' })).last).toBeUndefined()
  })
})
