import { expect, test } from 'vitest'
import { bundleCases } from './cases.ts'
import { runCell } from './cell.ts'
import { reasonToLeaveOut } from './columns.ts'
import { countCell, countLeftOut } from './summary.ts'
import type { Bundler } from './types.ts'

/** One test for each case that a bundler can have. */
export async function testCells(bundler: Bundler): Promise<void> {
  for (const [name, fixture] of await bundleCases()) {
    const reason = fixture.leftOut?.[bundler] ?? reasonToLeaveOut(name, bundler)
    if (reason !== undefined) {
      await countLeftOut(name, bundler, reason)
      continue
    }
    test(`${name} · ${bundler}`, async () => {
      const report = await runCell(name, fixture, bundler)
      expect(report.problems).toEqual([])
      await countCell(name, bundler, report)
    })
  }
}
