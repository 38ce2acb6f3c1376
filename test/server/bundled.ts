import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sealFolder } from '@mapseal/core/folder'
import { build } from 'esbuild'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `"item ${index}"`).join(', ')

const files = {
  'src/main.ts': "import { all } from './large'\nimport { some } from './small'\nconsole.log(all, some)\n",
  'src/large.ts': `export const all = [${numbers(400)}]\n`,
  'src/small.ts': `export const some = [${numbers(40)}]\n`,
}

/** Seals a script of three sources into the vault in `dir`: one of them is ten times as large as another. */
export async function bundled(dir: string): ReturnType<typeof sealFolder> {
  const root = await mkdtemp(join(tmpdir(), 'mapseal-bundled-'))
  try {
    await mkdir(join(root, 'src'))
    for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text)
    const entryPoints = [join(root, 'src/main.ts')]
    await build({ entryPoints, bundle: true, minify: true, sourcemap: 'external', outfile: join(root, 'dist/app.js') })
    return await sealFolder('dist', { vault: dir, release: 'shop@3.0.0' }, root)
  } finally {
    await rm(root, { recursive: true })
  }
}
