import { expect, test } from 'vitest'
import { folderCases } from './matrix/cases.ts'
import { runFolderCell } from './matrix/folder-cell.ts'
import { countCell } from './matrix/summary.ts'

for (const [name, fixture] of await folderCases()) {
  test(`${name} · folder`, async () => {
    const report = await runFolderCell(name, fixture)
    expect(report.problems).toEqual([])
    await countCell(name, 'folder', report)
  })
}
