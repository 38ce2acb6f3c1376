import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CellReport } from './cell.ts'

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
  const line: Tally = { case: name, bundler, scripts, mappings }
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
  if (lines.length === 0) return
  const cells = lines.map(line => JSON.parse(line) as Tally)
  const cases = new Set(cells.map(cell => cell.case)).size
  const total = (key: 'scripts' | 'mappings') => cells.reduce((sum, cell) => sum + cell[key], 0).toLocaleString('en')
  console.log(
    `matrix: ${cases} cases, ${cells.length} cells (case × bundler), ${total('scripts')} scripts and ` +
      `${total('mappings')} mappings compared`,
  )
}
