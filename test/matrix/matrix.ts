import { expect, test } from 'vitest'
import { bundleCases } from './cases.ts'
import { runCell } from './cell.ts'
import { countCell } from './summary.ts'
import type { Bundler } from './types.ts'

/** One test for each case that a bundler can have. */
export async function testCells(bundler: Bundler): Promise<void> {
  for (const [name, fixture] of await bundleCases()) {
    if (fixture.leftOut?.[bundler]) continue
    test(`${name} · ${bundler}`, async () => {
      const report = await runCell(name, fixture, bundler)
      expect(report.problems).toEqual([])
      await countCell(name, bundler, report)
    })
  }
}
