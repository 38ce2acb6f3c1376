import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderStore } from '@mapseal/core'
import { afterAll, expect, test } from 'vitest'
import { serve } from '../packages/cli/src/commands/serve.ts'
import { createMetrics } from '../packages/server/src/http/metrics.ts'
import { type Route, routeName } from '../packages/server/src/http/route.ts'
import { resolveServerOptions } from '../packages/server/src/options.ts'
import { createServices } from '../packages/server/src/services.ts'
import { runNode } from './support/command.ts'

/** docs/server.md describes everything the server has, and its examples run. */

const page = await readFile(join(import.meta.dirname, '../docs/server.md'), 'utf8')
const defaults = resolveServerOptions({})
// Nothing is read or written before a request.
const services = createServices(folderStore(join(tmpdir(), 'mapseal-no-vault')), defaults, createMetrics())
afterAll(services.close)

/** The names written as code in one column of a table. */
function column(heading: string, index: number): string[] {
  const table = page.split('\n\n').find(part => part.startsWith('|') && part.split('\n', 1)[0]?.includes(heading)) ?? ''
  const cells = table.split('\n').flatMap(row => row.split('|')[index + 1] ?? [])
  return cells.slice(2).flatMap(cell => [...cell.matchAll(/`(\w+|--[\w-]+)/g)].map(([, name = '']) => name))
}

test('every option of createServer and of mapseal serve', async () => {
  expect(column('`createServer`', 0).sort()).toEqual(Object.keys(defaults).sort())
  expect(column('`limits`', 1).sort()).toEqual(Object.keys(defaults.limits).sort())
  expect(column('`timeouts`', 1).sort()).toEqual(Object.keys(defaults.timeouts).sort())
  const cli = await readFile(join(import.meta.dirname, '../docs/cli.md'), 'utf8')
  const ofTokens = ['access', 'name']
  const own = Object.keys(serve.options).filter(name => !ofTokens.includes(name) && name !== 'config')
  const documented = column('`createServer`', 1).filter(name => name.startsWith('--') && name !== '--json')
  expect(documented.sort()).toEqual(own.map(name => `--${name}`).sort())
  for (const name of [...own, ...ofTokens]) expect(cli).toContain(`\`--${name} `)
})

/** `GET /api/0/organizations/<org>/`, as the page has them. */
const shown = (routes: Route[]) =>
  routes.map(route => {
    const path = routeName(route).replace(/:(\w+)/g, '<$1>')
    return `${route.method.padEnd(6)} ${path}`
  })

const isForUploads = (line: string) => line.includes(' /api/0/')

test('every path that clients upload by', () => {
  const [, block = ''] = /^```text\n(.*?)^```/ms.exec(page) ?? []
  expect(block.trimEnd().split('\n')).toEqual(shown(services.routes).filter(isForUploads))
})

test('every other path', () => {
  const plain = (path: string) => path.replace(/<[^>]*>/g, '*').replace(/(.)\/$/, '$1')
  const documented = new Set([...page.matchAll(/`(?:POST )?(\/[^`\n]*)`/g)].map(([, path = '']) => plain(path)))
  const isOfThePage = (path: string) => /^\/(?:page\/|favicon)/.test(path)
  for (const line of shown(services.routes).filter(line => !isForUploads(line))) {
    const path = line.slice(line.indexOf('/'))
    if (!isOfThePage(path)) expect([...documented]).toContain(plain(path))
  }
})

test('the example in code runs', async () => {
  const [, example = ''] = /^```ts\n(.*?)^```/ms.exec(page) ?? []
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  const project = await mkdtemp(join(import.meta.dirname, '.tmp/server-docs-'))
  try {
    await writeFile(join(project, 'package.json'), '{"type":"module"}')
    await writeFile(join(project, 'example.ts'), example.replace('port: 4700', 'port: 0'))
    const args = ['-C', 'mapseal-source', '--import', 'tsx', 'example.ts']
    const { code, stdout, stderr } = await runNode(args, { cwd: project })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+ \[.*slug: 'shop'.*slug: 'api'/s)
  } finally {
    await rm(project, { recursive: true })
  }
})
