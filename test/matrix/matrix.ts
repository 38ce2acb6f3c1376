import { expect, test } from 'vitest'
import { bundleCases } from './cases.ts'
import { runCell } from './cell.ts'
import { reasonToLeaveOut } from './columns.ts'
import { countCell, countLeftOut } from './summary.ts'
import type { Bundler } from './types.ts'
import { leftOutByVersion, type OldVersion, oldCases, oldVersions } from './versions.ts'

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

/** The same for an older version, of the cases in which versions differ. */
export async function testOldCells(version: OldVersion): Promise<void> {
  const bundler = oldVersions[version]
  for (const [name, fixture] of await bundleCases()) {
    if (!oldCases.includes(name)) continue
    const reason = leftOutByVersion[version]?.[name] ?? fixture.leftOut?.[bundler]
    if (reason !== undefined) {
      await countLeftOut(name, version, reason)
      continue
    }
    test(`${name} · ${version}`, async () => {
      const report = await runCell(name, fixture, bundler, version)
      expect(report.problems).toEqual([])
      await countCell(name, version, report)
    })
  }
}
