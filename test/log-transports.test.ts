import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sealFolder } from '@mapseal/core/folder'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runNode } from './support/command.ts'

/** The loggers of docs/runtime.md, with an app that throws in sealed code. */

let project: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  project = await mkdtemp(join(import.meta.dirname, '.tmp/log-'))
  await mkdir(join(project, 'src'))
  await writeFile(join(project, 'package.json'), '{"type":"module"}')
  await writeFile(
    join(project, 'src/cart.ts'),
    "function priceOf(item: { price?: number }): number {\n  if (item.price === undefined) throw new Error('no price')\n  return item.price\n}\n" +
      'export const checkout = (): number => priceOf({})\n',
  )
  const outdir = join(project, 'dist')
  const entryPoints = [join(project, 'src/cart.ts')]
  await build({ entryPoints, outdir, minify: true, sourcemap: true, format: 'esm', logLevel: 'error' })
  await installLog()
  await sealFolder(outdir, { vault: join(project, '.mapseal') }, project)
})
/** A thread of pino's has no loader of TypeScript. */
async function installLog(): Promise<void> {
  const dir = join(project, 'node_modules/mapseal')
  await build({
    entryPoints: [join(import.meta.dirname, '../packages/mapseal/src/log.ts')],
    outfile: join(dir, 'log.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['mapseal-source'],
    external: ['@aws-sdk/*', 'fast-glob', 'undici'],
    logLevel: 'error',
  })
  await writeFile(join(dir, 'package.json'), '{ "type": "module", "exports": { "./log": "./log.js" } }')
}
afterAll(() => rm(project, { recursive: true }))

it.each(['pino', 'winston'])('%s', async name => {
  const page = await readFile(join(import.meta.dirname, '../docs/runtime.md'), 'utf8')
  const [example = ''] = [...page.matchAll(/^```ts\n(.*?)^```/gms)]
    .map(([, code = '']) => code)
    .filter(code => code.includes(`from '${name}'`))
  await writeFile(join(project, 'logger.mjs'), example)
  await writeFile(
    join(project, 'main.mjs'),
    "import { logger } from './logger.mjs'\nimport { checkout } from './dist/cart.js'\n" +
      "try { checkout() } catch (error) { logger.error(error) }\nlogger.info('é done')\n",
  )
  const env = { ...process.env, MAPSEAL_VAULT: join(project, '.mapseal') }
  const { code, stdout, stderr } = await runNode(['main.mjs'], {
    cwd: project,
    env,
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [error, info] = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(error.err?.stack ?? error.stack).toMatch(
    /^Error: no price\n {4}at priceOf \(src\/cart\.ts:2:39\)\n {4}at checkout \(src\/cart\.ts:5:39\)\n {4}at file:/,
  )
  expect(info.msg ?? info.message).toBe('é done')
})
