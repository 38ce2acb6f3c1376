// Builds with a plugin that fails, and then, in the same process, without it. Arguments: the cells as JSON, each with a folder.
// A hook that is to be killed prints a line and waits.
import { build } from './builds.ts'
import type { Cell } from './grid.ts'

const cells = JSON.parse(process.argv[2] as string) as (Cell & { dir: string })[]
for (const cell of cells) {
  const first = await build(cell, cell.dir, 'first').then(
    () => 'passed',
    cause => `failed: ${(cause as Error).message}`,
  )
  const second = await build(undefined, cell.dir, 'second', cell.host).then(
    () => 'passed',
    cause => `failed: ${(cause as Error).message}`,
  )
  console.log(JSON.stringify({ first, second }))
}
