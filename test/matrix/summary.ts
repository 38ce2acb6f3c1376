import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CellReport } from './cell.ts'

type Line = Tally | { case: string; bundler: string; leftOut: string }

/** One file for each run of vitest, whose processes inherit its name. */
const tally = (): string => fileURLToPath(new URL(`../.tmp/cells-${process.env.MATRIX_RUN}.jsonl`, import.meta.url))

interface Tally {
  case: string
  bundler: string
  scripts: number
  mappings: number
}

/** Each process appends its cells; the process that started them adds up. */
export async function countCell(name: string, bundler: string, { scripts, mappings }: CellReport): Promise<void> {
  await append({ case: name, bundler, scripts, mappings })
}

export async function countLeftOut(name: string, bundler: string, reason: string): Promise<void> {
  await append({ case: name, bundler, leftOut: reason })
}

async function append(line: Line): Promise<void> {
  await appendFile(tally(), `${JSON.stringify(line)}\n`)
}

/** Called by vitest once, before all tests. */
export async function setup(): Promise<void> {
  process.env.MATRIX_RUN = String(process.pid)
  await mkdir(dirname(tally()), { recursive: true })
}

/** Called by vitest once, after all tests. */
export async function teardown(): Promise<void> {
  const lines = (await readFile(tally(), 'utf8').catch(() => '')).split('\n').filter(Boolean)
  await rm(tally(), { force: true })
  const all = lines.map(line => JSON.parse(line) as Line)
  const cells = all.filter(line => 'mappings' in line)
  const leftOut = all.filter(line => 'leftOut' in line)
  if (cells.length === 0) return
  const cases = new Set(cells.map(cell => cell.case)).size
  const total = (key: 'scripts' | 'mappings') => cells.reduce((sum, cell) => sum + cell[key], 0).toLocaleString('en')
  console.log(
    `matrix: ${cases} cases, ${cells.length} cells (case × bundler), ${total('scripts')} scripts and ` +
      `${total('mappings')} mappings compared; ${leftOut.length} cells left out (MATRIX_LIST=1 says why)`,
  )
  if (!process.env.MATRIX_LIST) return
  for (const cell of leftOut) console.log(`  ${cell.case} · ${cell.bundler}: ${cell.leftOut}`)
}
