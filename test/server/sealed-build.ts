import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type BuildRecord, type Delivery, openVault } from '@mapseal/core'
import { sealFolder } from '@mapseal/core/folder'
import { transform } from 'esbuild'

export interface Script {
  /** Below the output folder. */
  path: string
  source: string
  /** What the map calls the source. */
  sourceName: string
  /** As if the tool that made it wrote no map. */
  isMapless?: boolean
}

/** Seals a folder of scripts into the vault in `dir`. @returns its record */
export async function sealedBuild(
  dir: string,
  release: string,
  scripts: Script[],
  deliveries: Record<string, Delivery> = {},
): Promise<BuildRecord> {
  const root = await mkdtemp(join(tmpdir(), 'mapseal-sealed-'))
  try {
    for (const script of scripts) await writeScript(join(root, 'dist'), script)
    const { build } = await sealFolder('dist', { vault: dir, release }, root)
    const vault = openVault(dir, root)
    const sealed = (await vault.records()).find(({ id }) => id === build.id) as BuildRecord
    const record = { ...sealed, deliveries }
    await vault.record(record)
    return record
  } finally {
    await rm(root, { recursive: true })
  }
}

async function writeScript(folder: string, { path, source, sourceName, isMapless }: Script): Promise<void> {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  const { code, map } = await transform(source, {
    loader: 'ts',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'external',
    sourcefile: sourceName,
  })
  await writeFile(
    file,
    isMapless ? code : `${code}//# sourceMappingURL=${encodeURIComponent(path.split('/').at(-1) ?? '')}.map\n`,
  )
  if (!isMapless) await writeFile(`${file}.map`, map)
}
