import { execFile } from 'node:child_process'
import { dirname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const root = dirname(import.meta.dirname)

/** Projects with dependencies of their own, which a fresh clone does not have. */
const apart = /^test\/frameworks\/apps\//

it('type-checks every TypeScript file of the repository', async () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const options = { cwd: root, maxBuffer: 64 * 2 ** 20 }
  const [tracked, listed] = await Promise.all([
    run('git', ['ls-files', '*.ts', '*.mts', '*.cts'], options),
    run(process.execPath, [tsc, '--listFilesOnly'], options),
  ])
  const checked = new Set(lines(listed.stdout).map(file => relative(root, file).split(sep).join('/')))
  expect(lines(tracked.stdout).length).toBeGreaterThan(400)
  expect(lines(tracked.stdout).filter(file => !checked.has(file) && !apart.test(file))).toEqual([])
})

function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '')
}
