import { openVault } from '@mapseal/core'
import { transform } from 'esbuild'

export interface Script {
  url: string
  /** Lines of calls and throws, from 1. */
  columns: number[]
}

const SCRIPTS = 20
const FUNCTIONS = 2000

/** A vault with 20 scripts of 2,000 functions each. */
export async function makeVault(dir: string): Promise<Script[]> {
  const vault = openVault('.mapseal', dir)
  const pack = vault.newPack()
  const scripts: Script[] = []
  const files = []
  for (let index = 0; index < SCRIPTS; index++) {
    const source = Array.from({ length: FUNCTIONS }, (_, n) => functionOf(index, n)).join('\n')
    const options = {
      minify: true,
      format: 'esm',
      sourcemap: 'external',
      sourcefile: `../src/part-${index}.js`,
    } as const
    const { code, map } = await transform(source, options)
    const path = `part-${index}.js`
    const debugId = `85314830-023f-4cf1-a267-${String(index).padStart(12, '0')}`
    const blobs = await pack.put({ path, debugId, code: Buffer.from(code), map: Buffer.from(map) })
    files.push({ path, outDir: 'dist', debugId, ...blobs })
    const columns = [...code.matchAll(/throw/g)].map(match => match.index + 1)
    scripts.push({ url: `https://cdn.example/${path}`, columns })
  }
  await pack.commit()
  const build = { id: '20261121T101500123Z-9f3c21ab', version: 1 as const, createdAt: '2026-11-21T10:15:00.123Z' }
  await vault.record({ ...build, files, deliveries: {} })
  return scripts
}

function functionOf(part: number, index: number): string {
  return `export function part${part}Step${index}(order) {
  if (order.total > ${index}) throw new RangeError('step ${index} of ' + order.name)
  return order.items.map(item => item.price * ${index}).reduce((sum, price) => sum + price, 0)
}`
}

/** Lines of JSON as servers write them, some with a stack of ten frames, on one line or on several. */
export function makeLog(scripts: Script[], size: number, stacks: number): Buffer {
  const lines: string[] = []
  const every = size / stacks
  let length = 0
  let next = 0
  for (let index = 0; length < size; index++) {
    const line = length >= next ? stackOf(scripts, index) : lineOf(index)
    if (length >= next) next += every
    lines.push(line)
    length += line.length + 1
  }
  return Buffer.from(`${lines.join('\n')}\n`)
}

function lineOf(index: number): string {
  const time = 1_790_000_000_000 + index * 13
  return `{"level":30,"time":${time},"pid":17,"hostname":"web-1","reqId":"${index.toString(36)}","msg":"request completed at ${time % 1000} ms","responseTime":${index % 97}}`
}

const DIFFERENT = 997

function stackOf(scripts: Script[], number: number): string {
  const index = number % DIFFERENT
  const frames = Array.from({ length: 10 }, (_, depth) => {
    const script = scripts[(index + depth) % scripts.length] as Script
    const at = (index * 7 + depth) % script.columns.length
    return `    at t${at % 50} (${script.url}:1:${script.columns[at]})`
  })
  const stack = ['RangeError: a step', ...frames].join('\n')
  return number % 2 ? JSON.stringify({ level: 50, err: { stack }, msg: 'failed' }) : `2026-11-21 ERROR ${stack}`
}
