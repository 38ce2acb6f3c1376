import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { isMap, readFolder } from './files.ts'
import { fixturesDir } from './project.ts'

/** A folder as some tool left it: two small scripts with linked maps. */
export async function buildFolder(dir: string): Promise<void> {
  await build({
    absWorkingDir: fixturesDir,
    entryPoints: { main: 'two-entries/src/one.js', other: 'two-entries/src/two.js' },
    bundle: true,
    minify: true,
    format: 'esm',
    sourcemap: 'linked',
    outdir: dir,
    logLevel: 'silent',
  })
}

export type Json = Record<string, unknown>

/** Rewrites every map of a folder. */
export async function editMaps(dir: string, edit: (map: Json, path: string) => Json): Promise<void> {
  for (const [path, bytes] of await readFolder(dir)) {
    if (!isMap(path)) continue
    await writeFile(join(dir, path), JSON.stringify(edit(JSON.parse(bytes.toString()) as Json, path)))
  }
}

/** Rewrites one file of a folder. */
export async function editFile(path: string, edit: (text: string) => string): Promise<void> {
  await writeFile(path, edit(await readFile(path, 'utf8')))
}
