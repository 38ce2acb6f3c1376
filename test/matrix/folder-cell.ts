import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sealFolder } from '@mapseal/core/folder'
import { toBuild } from './baseline.ts'
import type { CellReport } from './cell.ts'
import { emptyFolder, isScript, readFolder } from './files.ts'
import { buildFolder } from './folder-app.ts'
import { differences } from './invariants/honest.ts'
import { checkIdentified } from './invariants/identified.ts'
import { checkSealed } from './invariants/sealed.ts'
import { compareBuilds } from './oracle/compare.ts'
import { checkSecondReader } from './oracle/second-reader.ts'
import { copyFixture, scratchDir } from './project.ts'
import type { Build, FolderCase } from './types.ts'
import { readVault } from './vault.ts'

/** Seals a folder and compares it with what it was. */
export async function runFolderCell(name: string, fixture: FolderCase): Promise<CellReport> {
  const project = join(scratchDir, `folder-${name}`)
  await emptyFolder(project)
  try {
    return await checkFolderCell(name, fixture, project)
  } finally {
    if (!process.env.MATRIX_KEEP) await rm(project, { recursive: true, force: true })
  }
}

async function checkFolderCell(name: string, fixture: FolderCase, project: string): Promise<CellReport> {
  const dir = join(project, 'dist')
  await copyFixture(name, project)
  await buildFolder(dir)
  await fixture.prepare?.(dir)
  const baseline = withoutUnreadable(fixture, toBuild(dir, await readFolder(dir)))

  const warnings: string[] = []
  const warn = (message: string) => void warnings.push(message)
  const vaultDir = join(project, 'vault')
  const options = {
    vault: vaultDir,
    release: '1.2.3',
    onError: 'fail' as const,
    logger: { info: () => {}, warn, error: warn },
  }
  await sealFolder(dir, options, project)
  const written = await readFolder(dir)
  const kept = await readVault(vaultDir, project, dir)
  const sealed = withoutUnreadable(fixture, { outDir: dir, files: written, maps: kept.maps })
  const scripts = [...written.keys()].filter(isScript)
  const comparison = compareBuilds(baseline, sealed)
  const problems = [
    ...checkSealed(written),
    ...checkIdentified(sealed, scripts, kept.ids),
    ...comparison.problems,
    ...(await checkSecondReader(sealed.maps)),
    ...checkProblems(fixture, kept.problems),
    ...checkWarnings(fixture, warnings),
    ...((await fixture.check?.({ baseline, sealed, written, ids: kept.ids, vaultDir, warnings })) ?? []),
  ]
  await sealFolder(dir, options, project)
  const changed = differences(written, await readFolder(dir))
  problems.push(...changed.map(path => `${path}: changed when sealed once more`))
  return { scripts: comparison.scripts, mappings: comparison.mappings, problems }
}

function withoutUnreadable({ isUnreadable }: FolderCase, build: Build): Build {
  return { ...build, maps: new Map([...build.maps].filter(([path]) => !isUnreadable?.(path))) }
}

function checkProblems({ problems = {} }: FolderCase, found: Map<string, string>): string[] {
  const unsaid = Object.entries(problems).filter(([path, pattern]) => !pattern.test(found.get(path) ?? ''))
  const surprises = [...found].filter(([path]) => !(path in problems))
  return [
    ...unsaid.map(([path, pattern]) => `${path}: its problem is ${found.get(path)}, not ${pattern}`),
    ...surprises.map(([path, problem]) => `${path}: unexpected problem: ${problem}`),
  ]
}

function checkWarnings({ problems = {}, warnings: expected = [] }: FolderCase, warnings: string[]): string[] {
  const patterns = [...expected, ...Object.values(problems)]
  const surprises = warnings.filter(warning => !patterns.some(pattern => pattern.test(warning)))
  return surprises.map(text => `unexpected warning: ${text}`)
}
