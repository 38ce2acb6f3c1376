import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { emptyFolder, isScript, readFolder } from './files.ts'
import { checkIdentified } from './invariants/identified.ts'
import { checkSealed } from './invariants/sealed.ts'
import { copyFixture, scratchDir } from './project.ts'
import { countCell } from './summary.ts'
import { readVault, sealedBuild } from './vault.ts'

const child = fileURLToPath(new URL('./unclosed-child.ts', import.meta.url))

for (const bundler of ['rollup', 'rolldown']) {
  test(`unclosed · ${bundler}`, async () => {
    const dir = join(scratchDir, `unclosed-${bundler}`)
    await emptyFolder(dir)
    await copyFixture('chunks', dir)
    await promisify(execFile)(process.execPath, ['-C', 'mapseal-source', '--import', 'tsx', child, bundler, dir])
    const outDir = join(dir, 'dist')
    const written = await readFolder(outDir)
    const scripts = [...written.keys()].filter(isScript)
    const kept = await readVault(join(dir, 'vault'), process.cwd(), outDir)
    expect(scripts.length).toBeGreaterThan(4)
    expect(kept.builds).toBe(1)
    expect(checkSealed(written)).toEqual([])
    expect(checkIdentified(sealedBuild(outDir, written, kept), scripts, kept.ids)).toEqual([])
    await countCell('unclosed', bundler, { scripts: 0, mappings: 0, problems: [] })
  })
}
