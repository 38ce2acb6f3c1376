import { join } from 'node:path'
import { AnyMap, decodedMappings, type SourceMapInput, traceSegment } from '@jridgewell/trace-mapping'
import { type BuildOptions, build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { openMap } from '../src/map/read/open.ts'

/** Each look-up of the reader against `@jridgewell/trace-mapping`, which decodes whole maps. */

const path = 'dist/assets/app.js'

function compare(json: string, columns: (column: number) => number[]): number {
  const map = openMap(Buffer.from(json), path)
  const oracle = new AnyMap(JSON.parse(json) as SourceMapInput, path)
  let count = 0
  const ask = (line: number, column: number) => {
    if (column < 0) return
    const place = map.find(line, column)
    const segment = traceSegment(oracle, line, column)
    count++
    const found =
      typeof place === 'string'
        ? place
        : [
            place.map.source(place.segment.source),
            place.segment.line,
            place.segment.column,
            place.segment.name === undefined ? undefined : place.map.name(place.segment.name),
            place.segment.isExact,
          ].join()
    const expected = !segment
      ? 'none'
      : segment.length === 1
        ? 'unmapped'
        : [
            oracle.resolvedSources[segment[1]],
            segment[2],
            segment[3],
            segment.length === 5 ? oracle.names[segment[4]] : undefined,
            segment[0] === column,
          ].join()
    // Not `expect` for each: there are millions.
    if (found !== expected) throw new Error(`${line}:${column} is ${found}, not ${expected}`)
  }
  for (const [line, segments] of decodedMappings(oracle).entries()) {
    ask(line, 0)
    for (const [column] of segments) for (const asked of columns(column)) ask(line, asked)
  }
  return count
}

async function bundle(contents: string, options: BuildOptions): Promise<string> {
  const { outputFiles = [] } = await build({
    stdin: { contents, resolveDir: join(import.meta.dirname, '../../../test/toolchains/real') },
    bundle: true,
    format: 'esm',
    write: false,
    outfile: 'app.js',
    sourcemap: 'external',
    logLevel: 'error',
    ...options,
  })
  return outputFiles.find(file => file.path.endsWith('.map'))?.text ?? ''
}

describe('every mapping of real maps', () => {
  it.each([
    ['minified', { minify: true }],
    ['as written', {}],
  ])('%s', async (_, options) => {
    const json = await bundle("export * from 'echarts'; export * from 'rxjs'", options)
    expect(compare(json, column => [column, column + 1])).toBeGreaterThan(400_000)
  })
})

/** Deterministic, so that a failure can be seen again. */
function random(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
function vlq(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2
  let text = ''
  do {
    text += digits[(rest & 31) | (rest > 31 ? 32 : 0)]
    rest >>>= 5
  } while (rest > 0)
  return text
}

/** Any map that the format allows, and lines whose segments do not ascend. */
function randomMap(seed: number, isSorted: boolean): { version: 3; [field: string]: unknown } {
  const below = random(seed)
  const sources = Array.from(
    { length: 1 + below(4) },
    (_, index) => `${['../src/', '', '/abs/', 'https://a.io/'][below(4)]}s${index}.ts`,
  )
  const names = Array.from({ length: 1 + below(6) }, (_, index) => `näme"${index}`)
  const last = [0, 0, 0, 0]
  const lines = Array.from({ length: below(40) }, () => {
    let column = 0
    return Array.from({ length: below(3) === 0 ? 0 : below(60) }, (_, index) => {
      const step = isSorted || index === 0 || below(4) > 0 ? below(9) : -below(column + 1)
      column += step
      const wanted = [below(sources.length), below(5000), below(300), below(names.length)]
      const fields = [1, 4, 4, 5][below(4)] as number
      const rest = wanted.slice(0, fields - 1).map((value, field) => {
        const delta = value - (last[field] as number)
        last[field] = value
        return vlq(delta)
      })
      return vlq(step) + rest.join('')
    }).join(',')
  })
  const mappings = lines.join(';'.repeat(1 + below(3)))
  const root = [undefined, '', 'webpack://shop', '../up'][below(4)]
  return { version: 3, sources, names, mappings, ...(root !== undefined && { sourceRoot: root }) }
}

describe('maps of every shape', () => {
  const around = (column: number) => [column - 1, column, column + 1, column + 20]

  it.each([true, false])('sorted: %s', isSorted => {
    for (let seed = 1; seed <= 150; seed++) compare(JSON.stringify(randomMap(seed, isSorted)), around)
  })

  it('with sections', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const below = random(seed)
      const offset = { line: 0, column: 0 }
      const sections = Array.from({ length: 1 + below(5) }, (_, index) => {
        if (below(2)) Object.assign(offset, { line: offset.line + 1 + below(20), column: below(40) })
        else offset.column += 1 + below(40)
        return { offset: { ...offset }, map: randomMap(seed * 10 + index, true) }
      })
      compare(JSON.stringify({ version: 3, sections }, null, below(3)), around)
    }
  })

  it('whose slashes are escaped', () => {
    for (let seed = 1; seed <= 20; seed++) {
      compare(JSON.stringify(randomMap(seed, true)).replaceAll('/', '\\/'), around)
    }
  })
})
