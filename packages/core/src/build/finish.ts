import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import { MapsealError, reason } from '../errors.ts'
import type { ResolvedOptions } from '../options.ts'
import type { FileRecord } from '../types.ts'
import { exists } from '../vault/folder-files.ts'
import { isIn } from '../vault/locate.ts'
import { complaints, type Report, summaryLine } from './report.ts'
import { mapPattern, scanFolder } from './scan.ts'
import type { Selection } from './selection.ts'

/** A folder that holds the project itself is not an output folder alone, so its other files are not checked. */
export async function scanAll(
  outDirs: Set<string>,
  root: string,
  files: FileRecord[],
  isSelected: Selection,
): Promise<Report['leaks']> {
  const leaks: Report['leaks'] = []
  for (const outDir of outDirs) {
    if (isIn(root, outDir) || !(await exists(outDir))) continue // Nothing is there if the bundler does not write.
    const path = relative(root, outDir).split(sep).join('/')
    const sizes = new Map(files.filter(file => file.outDir === path).map(file => [file.path, file.code.size]))
    for (const leak of await scanFolder(outDir, sizes)) {
      const isExcluded = !isSelected(leak.path.replace(mapPattern, ''))
      leaks.push({ ...leak, outDir: path, ...(isExcluded && { isExcluded }) })
    }
  }
  return leaks
}

/** Writes the report and logs what became of the build: the one place that decides between failing and warning. */
export async function finishBuild(report: Report, options: ResolvedOptions, root: string): Promise<void> {
  const { logger, onError } = options
  const unwritten = await writeReport(report, options.report, root)
  const { warnings, failures: found } = complaints(report, options)
  const failures = [...found, ...unwritten]
  for (const line of [...warnings, ...failures]) logger.warn(line)
  logger.info(summaryLine(report, root))
  if (failures.length > 0 && onError === 'fail') {
    throw new MapsealError('build', `The build is stopped because onError is "fail" and: ${failures.join(' ')}`)
  }
}

/** @returns what is to be complained of */
async function writeReport(report: Report, file: string | undefined, root: string): Promise<string[]> {
  if (file === undefined) return []
  const path = resolve(root, file)
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${JSON.stringify(report, null, 2)}\n`)
    return []
  } catch (cause) {
    return [`[mapseal] [report] ${file} cannot be written: ${reason(cause)}. Name another file.`]
  }
}
