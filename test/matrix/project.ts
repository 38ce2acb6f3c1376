import { cp, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const fixturesDir: string = fileURLToPath(new URL('../fixtures/', import.meta.url))
export const scratchDir: string = fileURLToPath(new URL('../.tmp/matrix/', import.meta.url))

const manifest = '{ "name": "fixture", "version": "1.0.0", "private": true, "type": "module" }\n'

/** Copies a fixture to a project of its own, with a `package.json` that marks its root. */
export async function copyFixture(name: string, dir: string, prepare?: (dir: string) => Promise<void>): Promise<void> {
  await mkdir(dir, { recursive: true })
  await cp(join(fixturesDir, name), dir, { recursive: true, filter: source => !source.endsWith('case.ts') })
  await prepare?.(dir)
  const path = join(dir, 'package.json')
  if (!(await stat(path).catch(() => undefined))) await writeFile(path, manifest)
}
