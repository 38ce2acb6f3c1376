import { createHash } from 'node:crypto'
import { encode } from '@jridgewell/sourcemap-codec'
import { makeBundle } from './make-bundle.ts'

export interface LoadApp {
  bundle: Buffer
  /** Ten frames of it. */
  frames(seed: number): unknown[]
}

const functions = 2000

/** A script of some 100 kB and its map; each name gives other bytes and another debug ID. */
export function makeApp(name: string): LoadApp {
  const hex = createHash('sha256').update(name).digest('hex')
  const debugId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  const source = Array.from(
    { length: functions },
    (_, index) => `export function f${index}(a) {\n  return a + ${index} // ${name}\n}`,
  )
  const code = Array.from({ length: functions }, (_, index) => `function f${index}(a){return a+${index}}`)
  const segments = code.map((_, index): [number, number, number, number][] => [
    [0, 0, index * 3, 0],
    [15, 0, index * 3 + 1, 2],
  ])
  const map = {
    version: 3,
    sources: [`../src/${name}.ts`],
    sourcesContent: [source.join('\n')],
    names: [],
    mappings: encode(segments),
    debugId,
  }
  const bundle = makeBundle(`${name}.js`, debugId, `${code.join('\n')}\n//# debugId=${debugId}\n`, JSON.stringify(map))
  return {
    bundle,
    frames: seed =>
      Array.from({ length: 10 }, (_, index) => ({
        debugId,
        line: 1 + ((seed * 7 + index * 131) % functions),
        column: 20,
      })),
  }
}
