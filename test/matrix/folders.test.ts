import { expect, test } from 'vitest'
import { folderCases } from './cases.ts'
import { runFolderCell } from './folder-cell.ts'
import { countCell } from './summary.ts'

for (const [name, fixture] of await folderCases()) {
  test(`${name} · folder`, async () => {
    const report = await runFolderCell(name, fixture)
    expect(report.problems).toEqual([])
    await countCell(name, 'folder', report)
  })
}
