import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build as bundle } from 'esbuild'
import type { Options } from 'mapseal'
import { directory } from 'mapseal/destinations/directory'
import mapseal from 'mapseal/vite'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSecrets } from '../packages/core/src/guard/scan.ts'
import { planted } from '../packages/core/test/planted-secrets.ts'

/** The guard on what leaves the machine: every secret that is planted in the playground, and none in real apps. */

const playground = join(import.meta.dirname, '../playground')
const real = join(import.meta.dirname, 'toolchains/real')
const envSecret = 'correct-horse-7-battery'

let temp: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(import.meta.dirname, '.tmp/guard-'))
})
afterAll(() => rm(temp, { recursive: true }))

async function buildPlanted(name: string, secrets: Options['secrets']) {
  const root = join(temp, name)
  await cp(join(playground, 'src'), join(root, 'src'), { recursive: true })
  await cp(join(playground, 'index.html'), join(root, 'index.html'))
  await writeFile(join(root, 'package.json'), '{ "name": "shop" }')
  await writeFile(join(root, '.env'), `DATABASE_PASSWORD=${envSecret}\n`)
  const lines = [...planted.map(([, secret]) => secret), envSecret].map(
    (secret, index) => `console.log('no. ${index}', ${JSON.stringify(secret)})\n`,
  )
  await writeFile(join(root, 'src/plants.ts'), lines.join(''))
  await writeFile(join(root, 'src/main.ts'), "import './plants.ts'\n", { flag: 'a' })
  const logged: string[] = []
  const log = (line: string) => void logged.push(line)
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      mapseal({
        release: '1.4.0',
        vault: join(root, 'vault'),
        secrets: secrets ?? 'warn',
        onError: 'warn',
        destinations: [directory({ path: join(root, 'maps') })],
        logger: { info: log, warn: log, error: log },
      }),
    ],
  })
  const names = (await readdir(join(root, 'maps'), { recursive: true })).filter(path => path.endsWith('.map'))
  const maps = await Promise.all(names.map(path => readFile(join(root, 'maps', path), 'utf8')))
  return { maps, log: logged.join('\n') }
}

const spelled = (secret: string) => JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)
/** What of a secret is as good as all of it. */
const coreOf = (secret: string) =>
  spelled(secret)
    .split(/\\+n/)
    .sort((a, b) => b.length - a.length)[0] as string

test('every secret that is planted in the playground is found, and overwritten if that is wanted', async () => {
  const plain = await buildPlanted('warn', 'warn')
  const secrets = [...planted.map(([, secret]) => secret), envSecret]
  for (const secret of secrets) expect(plain.maps.join()).toContain(coreOf(secret))
  expect(plain.log).toContain(`And ${secrets.length - 5} more.`)

  const { maps, log } = await buildPlanted('redact', 'redact')
  for (const secret of secrets) expect(maps.join()).not.toContain(coreOf(secret))
  for (const secret of secrets) expect(log).not.toContain(coreOf(secret))
  expect(log).toContain('It is overwritten in source maps.')
}, 120_000)

const apps: Record<string, string> = {
  charts: "export * as echarts from 'echarts'; export * as d from 'date-fns'",
  scenes: "export * as three from 'three'; export * as gpu from 'three/webgpu'",
  numbers: "export * as mathjs from 'mathjs'; export * as l from 'lodash-es'; export * as r from 'rxjs'",
  editor: "export { default as hljs } from 'highlight.js'; export { default as ts } from '@shikijs/langs/typescript'",
  page: "export * as react from 'react'; export * as dom from 'react-dom/client'; export * as vue from 'vue'; export * as svelte from 'svelte'",
}

test.each(Object.entries(apps))('no secret is found in an app of real packages: %s', async (name, code) => {
  // `page` has what the starters of Vite depend on.
  const resolveDir = name === 'page' ? join(import.meta.dirname, 'toolchains/starters') : real
  const { outputFiles } = await bundle({
    stdin: { contents: code, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    sourcemap: 'external',
    outfile: join(temp, `${name}.js`),
    logLevel: 'silent',
  })
  const map = Buffer.from(outputFiles.find(({ path }) => path.endsWith('.map'))?.contents ?? '')
  expect(map.length).toBeGreaterThan(500_000)
  expect(
    findSecrets(map, []).map(({ name, start }) => `${name}: ${map.toString('latin1', start, start + 40)}`),
  ).toEqual([])
})
