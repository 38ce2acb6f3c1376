import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** One reader, one task, one fresh process: `node read.mjs <reader> <task> <plan.json> <our reader, compiled>`. */

const [, , reader, task, planPath, ours] = process.argv

/** Each opens a map and answers source, line, column and name of a position. */
const readers = {
  async mapseal() {
    const { openMap } = await import(pathToFileURL(ours).href)
    return path => {
      const map = openMap(readFileSync(path), 'app.js')
      return {
        find(line, column) {
          const place = map.find(line - 1, column)
          if (typeof place === 'string') return
          const { source, line: original, column: start, name } = place.segment
          return [place.map.source(source), original + 1, start, name === undefined ? null : place.map.name(name)]
        },
      }
    }
  },
  /** With the function around and five source lines before and after, as the server answers. */
  async 'mapseal, with source lines and function'() {
    const { createMapReader } = await import(pathToFileURL(ours).href)
    return path => {
      const map = createMapReader(readFileSync(path), 'app.js')
      return {
        find(line, column) {
          const found = map.at(line, column, 5)
          return found && [found.source, found.line, found.column, found.name ?? null]
        },
      }
    }
  },
  async 'trace-mapping'() {
    const { AnyMap, originalPositionFor } = await import('@jridgewell/trace-mapping')
    return path => {
      const map = new AnyMap(JSON.parse(readFileSync(path, 'utf8')), 'app.js')
      return {
        find(line, column) {
          const found = originalPositionFor(map, { line, column })
          return found.source === null ? undefined : [found.source, found.line, found.column, found.name]
        },
      }
    }
  },
  async 'source-map'() {
    const { SourceMapConsumer } = await import('source-map')
    return async path => {
      const map = await new SourceMapConsumer(readFileSync(path, 'utf8'))
      return {
        find(line, column) {
          const found = map.originalPositionFor({ line, column })
          return found.source === null ? undefined : [found.source, found.line, found.column, found.name]
        },
        close: () => map.destroy(),
      }
    }
  },
}

const plan = JSON.parse(readFileSync(planPath, 'utf8'))[task]
const started = performance.now()
const open = await readers[reader]()
let found = 0
let sum = 0
for (const { map: path, frames } of plan) {
  const map = await open(path)
  for (const [line, column] of frames) {
    const answer = map.find(line, column)
    if (!answer) continue
    found++
    sum = (sum + answer[1] * 31 + answer[2]) % 1_000_000_007
  }
  map.close?.()
}
const ms = performance.now() - started
// `resourceUsage` counts what the process inherited before it became another.
const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
console.log(JSON.stringify({ ms, found, sum, rssMb: Number(peak) / 1024 }))
