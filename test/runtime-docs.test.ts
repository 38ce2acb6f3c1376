import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sealFolder } from '@mapseal/core/folder'
import { createServer, type RunningServer } from '@mapseal/server'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { runNode } from './support/command.ts'

/** The example of docs/runtime.md, with a sealed app on one side and the server on the other. */
it('the example posts an error, and gets its original stack', async () => {
  const page = await readFile(join(import.meta.dirname, '../docs/runtime.md'), 'utf8')
  const [, example = ''] = /^```js\n(.*?)^```/ms.exec(page) ?? []
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  const project = await mkdtemp(join(import.meta.dirname, '.tmp/runtime-'))
  const vault = join(project, '.mapseal')
  let server: RunningServer | undefined
  try {
    await mkdir(join(project, 'src'))
    await writeFile(join(project, 'package.json'), '{"type":"module"}')
    await writeFile(
      join(project, 'src/cart.ts'),
      "function priceOf(item: { price?: number }): number {\n  if (item.price === undefined) throw new Error('no price')\n  return item.price\n}\n" +
        "export function checkout(): never {\n  try {\n    throw new Error('total ' + priceOf({}))\n  } catch (cause) {\n    throw new Error('checkout failed', { cause })\n  }\n}\n",
    )
    const entryPoints = [join(project, 'src/cart.ts')]
    await build({
      entryPoints,
      outdir: join(project, 'dist'),
      minify: true,
      sourcemap: true,
      format: 'esm',
      logLevel: 'error',
    })
    await sealFolder(join(project, 'dist'), { vault, release: '1.4.0' }, project)
    server = await createServer({ port: 0, vault })

    await writeFile(join(project, 'report.mjs'), example)
    const main =
      "import { checkout } from './dist/cart.js'\nimport { readable } from './report.mjs'\n" +
      'try { checkout() } catch (error) { console.log(JSON.stringify(await readable(error))) }\n'
    await writeFile(join(project, 'main.mjs'), main)
    const args = ['-C', 'mapseal-source', '--import', 'tsx', 'main.mjs']
    const env = { ...process.env, MAPSEAL_SERVER: server.url, MAPSEAL_TOKEN: 'none' }
    const { stdout, stderr } = await runNode(args, { cwd: project, env })
    const lines = JSON.parse(stdout || stderr) as string[]
    expect(lines[0]).toBe('Error: checkout failed')
    expect(lines[1]).toBe('    at checkout (src/cart.ts:9:11)')
    expect(lines).toContain('Caused by: Error: no price')
    expect(lines).toContain('    at priceOf (src/cart.ts:2:39)')
  } finally {
    await server?.close()
    await rm(project, { recursive: true })
  }
}, 60_000)
