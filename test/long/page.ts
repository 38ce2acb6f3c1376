import { longer, longOnly } from './files.ts'
import type { Result } from './result.ts'

const introduction = `# Tests that take long

Written by \`npm run test:long\`. They run what \`npm test\` tests with older versions of bundlers, with the tools of others, and at
every step at which a build can stop. A run that was stopped goes on where it was.
`

export function pageOf(results: Map<string, Result>): string {
  const rows = Object.entries({ ...longOnly, ...longer }).map(([file, shows]) => {
    const { passed = 0, failed = 0 } = results.get(file) ?? {}
    const outcome = passed + failed === 0 ? 'not run' : failed === 0 ? `${passed} passed` : `${failed} failed`
    return [shows, `[${file}](../${file})`, outcome]
  })
  const table = [['what is shown', 'by', 'outcome'], ['---', '---', '---'], ...rows]
  return `${introduction}\n${table.map(cells => `| ${cells.join(' | ')} |\n`).join('')}`
}
