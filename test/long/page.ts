import { longer, longOnly } from './files.ts'
import type { Result } from './result.ts'

const introduction = `# Tests that take long

Written by \`npm run test:long\`. These tests run the same code with older bundlers and with other vendors' tools, and
stop builds at every step. An interrupted run continues where it stopped.
`

export function pageOf(results: Map<string, Result>): string {
  const rows = Object.entries({ ...longOnly, ...longer }).map(([file, shows]) => {
    const { passed = 0, failed = 0 } = results.get(file) ?? {}
    const outcome = passed + failed === 0 ? 'not run' : failed === 0 ? `${passed} passed` : `${failed} failed`
    return [shows, `[${file}](../${file})`, outcome]
  })
  const table = [['covers', 'test', 'outcome'], ['---', '---', '---'], ...rows]
  return `${introduction}\n${table.map(cells => `| ${cells.join(' | ')} |\n`).join('')}`
}
