import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import vm from 'node:vm'
import { createSnippet, editMap, inject, openVault } from '@mapseal/core'
import { transform } from 'esbuild'

const source = `export function priceOf(item: { price?: number }): number {
\tif (item.price === undefined) throw new Error('no price')
\treturn item.price
}

export function checkout(): number {
\treturn priceOf({})
}
checkout()
`
export const url = 'https://shop.example/assets/shop-3f2a.js'

/** A folder with a sealed script in `dist/`, its map in the vault, and the stack that the script throws. */
export async function sealedShop(): Promise<{ dir: string; stack: string; debugId: string }> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'shop-')))
  const path = 'assets/shop-3f2a.js'
  const built = await transform(source, {
    loader: 'ts',
    minify: true,
    format: 'iife',
    sourcemap: 'external',
    sourcefile: '../../src/shop.ts',
  })
  const { code, debugId, insertion } = inject(Buffer.from(built.code), {
    path,
    snippet: createSnippet([{ global: '_sentryDebugIds' }]),
  })
  const map = editMap(Buffer.from(built.map), { insertion, debugId })
  await mkdir(dirname(join(dir, 'dist', path)), { recursive: true })
  await writeFile(join(dir, 'dist', path), code)
  await writeFile(join(dir, 'package.json'), '{}')

  const vault = openVault(undefined, dir)
  const pack = vault.newPack()
  const blobs = await pack.put({ path, debugId, code, map })
  await pack.commit()
  await vault.record({
    id: '20261121T101500123Z-9f3c21ab',
    version: 1,
    createdAt: '2026-11-21T10:15:00.123Z',
    release: { name: '1.4.0', source: 'option' },
    files: [{ path, outDir: 'dist', debugId, ...blobs }],
    deliveries: { sentry: { state: 'delivered', at: '2026-11-21T10:15:04.000Z' } },
  })
  return { dir, stack: stackOf(code.toString()), debugId }
}

function stackOf(code: string): string {
  try {
    vm.runInThisContext(code, { filename: url, displayErrors: false })
  } catch (error) {
    const lines = (error as Error).stack?.split('\n') ?? []
    return lines.filter(line => !line.startsWith('    at ') || line.includes(url)).join('\n')
  }
  throw new Error('The shop should have thrown.')
}
