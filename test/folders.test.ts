import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { toBuild } from './matrix/baseline.ts'
import { readFolder } from './matrix/files.ts'
import { type Comparison, compareBuilds } from './matrix/oracle/compare.ts'
import { readVault, sealedBuild } from './matrix/vault.ts'
import { openPage } from './support/browser.ts'
import { mapseal, type Outcome, runNode } from './support/command.ts'
import { next, startNext, startStandalone } from './toolchains/next/start.ts'

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

let project: string
beforeEach(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  project = await mkdtemp(join(import.meta.dirname, '.tmp/folder-'))
})
afterEach(() => rm(project, { recursive: true }))

const shop = {
  'src/main.ts': `#!/usr/bin/env node
import { checkout } from './shop.ts'

console.log(checkout(['apple']))
console.log(checkout(['plum']))
`,
  'src/shop.ts': `import { prices } from './data/prices.ts'
import type { Item } from './types.ts'

function priceOf(item: Item): number {
  const price = prices[item]
  if (price === undefined) throw new Error(\`no price for \${item}\`)
  return price
}

export function checkout(items: Item[]): number {
  return items.map(item => priceOf(item)).reduce((sum, price) => sum + price, 0)
}
`,
  'src/data/prices.ts': 'export const prices: Record<string, number> = { apple: 3 }\n',
  'src/types.ts': 'export type Item = string\n',
  'package.json': '{ "name": "shop", "type": "module", "private": true }\n',
  'tsconfig.json': `{
  "compilerOptions": {
    "rootDir": "src", "outDir": "dist", "target": "es2022", "module": "nodenext", "types": [],
    "rewriteRelativeImportExtensions": true
  },
  "include": ["src"]
}
`,
}

it.each([
  { kind: 'in files', options: ['--sourceMap', '--declaration', '--declarationMap'], mapFiles: 8 },
  { kind: 'inline', options: ['--inlineSourceMap', '--inlineSources'], mapFiles: 0 },
])('seals what plain tsc wrote, source maps $kind', async ({ kind, options, mapFiles }) => {
  for (const [file, text] of Object.entries(shop)) await write(file, text)
  await succeed([tsc, ...options])
  expect([...(await readFolder(join(project, 'dist'))).keys()].filter(path => path.endsWith('.map'))).toHaveLength(
    mapFiles,
  )

  const { scripts, mappings } = await checkSealCheck('dist')
  expect(scripts).toBe(4)
  console.log(`tsc, source maps ${kind}: ${scripts} scripts, ${mappings} mappings equal`)

  expect(await readFile(join(project, 'dist/main.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  const run = await runNode(['dist/main.js'], { cwd: project })
  expect([run.code, run.stdout]).toEqual([1, '3\n'])
  expect(run.stderr).toContain('dist/shop.js:')
  const { code, stdout } = await command(['symbolicate'], run.stderr)
  expect(code).toBe(0)
  expect(stdout).toContain('at priceOf (src/shop.ts:6:34)')
  expect(stdout).toMatch(/at \S* ?\(?src\/shop\.ts:11:28\b/)
  expect(stdout).toMatch(/at checkout \(src\/shop\.ts:11:16\)/)
  expect(stdout).toMatch(/at src\/main\.ts:5:13\b/)
})

/** At `new` or at `Error`, by where Next.js has inlined the function. */
const thrownAt = /app\/prices\.js:6:3[48]\b/

it('seals what next build wrote, sections of source maps and all', { timeout: 300_000 }, async () => {
  const from = join(import.meta.dirname, 'toolchains/next')
  await cp(from, project, {
    recursive: true,
    filter: path => !/node_modules|\.next|\.ts$/.test(path.slice(from.length)),
  })
  await succeed([next, 'build'])
  const written = [...(await readFolder(join(project, '.next')))].filter(([path]) => path.endsWith('.map'))
  const sections = written.filter(([, map]) => map.includes('"offset"')).length
  expect(sections).toBeGreaterThan(0)

  const { scripts, mappings } = await checkSealCheck('.next')
  expect(mappings).toBeGreaterThan(10_000)
  console.log(
    `next: ${scripts} scripts, ${written.length} source maps, ${sections} in sections, ${mappings} mappings equal`,
  )

  await using server = await startNext(project)
  const page = await fetch(server.url)
  expect(page.status).toBe(200)
  const html = await page.text()
  expect(html).toContain('Mapseal on Next')
  const urls = [...html.matchAll(/<script src="([^"]+)"/g)].map(([, src]) => new URL(src as string, server.url))
  expect(urls.length).toBeGreaterThan(3)
  for (const url of urls) {
    const script = await fetch(url)
    expect([script.status, await script.text()]).toEqual([200, expect.stringContaining('\n//# debugId=')])
  }
  const logged = await (await fetch(new URL('/api/price', server.url))).text()
  for (const stack of [logged, await clientError(server.url)]) {
    expect(stack).toContain('Error: no price for')
    const { code, stdout } = await command(['symbolicate'], stack)
    expect(code).toBe(0)
    expect(stdout).toMatch(thrownAt)
    expect(stdout).toContain('> 6 │   if (price === undefined) throw new Error')
  }
})

it('seals what next build wrote to be deployed alone, with digests in its pages', { timeout: 300_000 }, async () => {
  const from = join(import.meta.dirname, 'toolchains/next')
  await cp(join(from, 'app'), join(project, 'app'), { recursive: true })
  await cp(join(from, 'package.json'), join(project, 'package.json'))
  const root = join(import.meta.dirname, '..')
  const config = {
    productionBrowserSourceMaps: true,
    output: 'standalone',
    outputFileTracingRoot: root,
    experimental: { serverSourceMaps: true, sri: { algorithm: 'sha384' } },
  }
  await write('next.config.mjs', `export default ${JSON.stringify(config)}\n`)
  await succeed([next, 'build'])
  const { code, stderr } = await command(['seal', '.next'])
  expect(code, stderr).toBe(0)
  expect(stderr).not.toContain('integrity')
  expect(await command(['check', '.next'])).toMatchObject({ code: 0 })

  const alone = join(project, '.next/standalone', relative(root, project))
  await cp(join(project, '.next/static'), join(alone, '.next/static'), { recursive: true })
  await using server = await startStandalone(alone)
  expect(await (await fetch(server.url)).text()).toContain(' integrity="sha384-')
  const logged = await (await fetch(new URL('/api/price', server.url))).text()
  for (const stack of [logged, await clientError(server.url)]) {
    expect((await command(['symbolicate'], stack)).stdout).toMatch(thrownAt)
  }
})

/** In a browser, the page adds up items with a price and throws for one without. */
async function clientError(url: string): Promise<string> {
  const { page, problems, close } = await openPage(url)
  try {
    await page.waitForLoadState('networkidle')
    await page.getByRole('button', { name: 'apple' }).click()
    await page.getByText('3', { exact: true }).waitFor()
    expect(problems).toEqual([])
    const [error] = await Promise.all([
      page.waitForEvent('pageerror'),
      page.getByRole('button', { name: 'pear' }).click(),
    ])
    return error.stack ?? error.message
  } finally {
    await close()
  }
}

/** `check` finds problems, `seal` keeps every mapping, and `check` then finds none. */
async function checkSealCheck(dir: string): Promise<Comparison> {
  const outDir = join(project, dir)
  const baseline = toBuild(outDir, await readFolder(outDir))
  const wanting = await command(['check', dir])
  expect(wanting).toMatchObject({ code: 1, stdout: expect.stringContaining('Reveals source') })
  expect(wanting.stdout).toContain('has no debug ID')

  const { code, stderr } = await command(['seal', dir])
  expect(code, stderr).toBe(0)
  const kept = await readVault(join(project, '.mapseal'), project, outDir)
  expect(kept.release).toBe('1.4.0')
  const comparison = compareBuilds(baseline, sealedBuild(outDir, await readFolder(outDir), kept))
  expect(comparison.problems).toEqual([])

  const found = await command(['check', dir])
  expect(found, found.stdout).toEqual({ code: 0, stdout: expect.stringContaining('no problem'), stderr: '' })
  return comparison
}

/** The vault would stand beside the repository's lock file. */
function command(args: string[], stdin?: string): Promise<Outcome> {
  const env = { MAPSEAL_VAULT: '.mapseal', MAPSEAL_RELEASE: '1.4.0' }
  return mapseal(args, { cwd: project, env, ...(stdin !== undefined && { stdin }) })
}

async function succeed(args: string[]): Promise<void> {
  const { code, stdout, stderr } = await runNode(args, { cwd: project, env: { NEXT_TELEMETRY_DISABLED: '1' } })
  expect(code, `${stdout}${stderr}`).toBe(0)
}

async function write(file: string, text: string): Promise<void> {
  const path = join(project, file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
