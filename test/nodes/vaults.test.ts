import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startServer } from '../../packages/server/test/start.ts'

/** A vault that one version of Node writes is read by another: by the commands, the server and a delivery to Sentry. */

const run = promisify(execFile)
const nodes: Record<string, string> = JSON.parse(process.env.MAPSEAL_NODES ?? '{}')
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const bin = join(import.meta.dirname, '../../packages/mapseal/bin/mapseal.js')
const command = (...args: string[]) => ['-C', 'mapseal-source', '--import', loader, bin, ...args]

/** Larger than what gzip packs in one piece. */
const filler = Array.from({ length: 30_000 }, (_, index) => `export const x${index} = ${index * 7919}`).join('\n')

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mapseal-nodes-'))
  await writeFile(join(root, 'package.json'), '{"name":"shop","type":"module"}')
  await mkdir(join(root, 'dist'))
})
afterEach(() => rm(root, { recursive: true }))

/** A small script and a large one, as a bundler leaves them: the same each time. */
async function build(): Promise<void> {
  for (const [name, rest] of [
    ['small', ''],
    ['large', filler],
  ]) {
    const source = `export function ${name}() {\n  throw new Error('boom')\n}\n${rest}\n`
    const sources = { sources: [`../src/${name}.ts`], sourcesContent: [source], names: [], mappings: 'AAAA;AACE' }
    await writeFile(
      join(root, `dist/${name}.js`),
      `function ${name}() {\nthrow new Error('boom')\n}\n//# sourceMappingURL=${name}.js.map\n`,
    )
    await writeFile(join(root, `dist/${name}.js.map`), JSON.stringify({ version: 3, ...sources }))
  }
}

async function mapseal(version: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: root, CI: '1' }
  const { stdout } = await run(nodes[version] as string, command(...args), { cwd: root, env })
  return stdout
}

/** A line of each script, with its debug ID. */
async function stackOf(): Promise<{ stack: string; debugIds: Record<string, string> }> {
  const debugIds: Record<string, string> = {}
  for (const name of ['small', 'large']) {
    const code = await readFile(join(root, `dist/${name}.js`), 'utf8')
    debugIds[`http://shop.example/${name}.js`] = /debugId=([\da-f-]{36})/.exec(code)?.[1] ?? ''
  }
  const lines = Object.keys(debugIds).map(url => `    at f (${url}:2:1)`)
  return { stack: ['Error: boom', ...lines].join('\n'), debugIds }
}

async function symbolicateAt(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/symbolicate`, { method: 'POST', body: JSON.stringify(await stackOf()) })
  return answer.text()
}

async function packs(): Promise<string[]> {
  return (await readdir(join(root, '.mapseal/packs'))).sort()
}

const magic = async (pack = '') => (await readFile(join(root, '.mapseal/packs', pack))).readUInt16BE(0).toString(16)

const both = /src\/small\.ts.*src\/large\.ts/s

/** As versions before the index left it. */
async function makeFirstFormat(): Promise<void> {
  for (const folder of ['index', 'pending', 'commands'])
    await rm(join(root, '.mapseal', folder), { recursive: true, force: true })
}

test.each([
  ['24', '20', '28b5', 'of today'],
  ['20', '24', '1f8b', 'of today'],
  ['20', '24', '1f8b', 'of the first format'],
  ['20', '20', '1f8b', 'of the first format'],
])('Node %s writes, Node %s reads: %s, %s', async (writer, reader, start, format) => {
  expect(Object.keys(nodes), 'run it by `npm run nodes`').toEqual(['20', '24'])
  await build()
  await mapseal(writer, 'seal', 'dist')
  const written = await packs()
  expect(await Promise.all(written.map(magic))).toEqual([start])
  if (format === 'of the first format') await makeFirstFormat()

  const { stack, debugIds } = await stackOf()
  await writeFile(join(root, 'trace.txt'), `${stack}\n${JSON.stringify({ debugIds })}\n`)
  expect(await mapseal(reader, 'symbolicate', 'trace.txt')).toMatch(both)
  expect(await mapseal(reader, 'vault', 'verify')).toContain('nothing is broken')

  const server = spawn(nodes[reader] as string, command('serve', '--port', '0', '--json'), { cwd: root })
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  expect(await symbolicateAt(JSON.parse(String(line)).url)).toMatch(both)
  server.kill('SIGTERM')
  await once(server, 'exit')

  // The same scripts again, now for Sentry: they are not stored again, but sent from what the other version packed.
  await using sentry = await startServer({ org: 'acme', projects: ['web'] })
  const settings = { url: sentry.url, org: 'acme', project: 'web', authToken: 'not required' }
  const factory = pathToFileURL(join(import.meta.dirname, '../../packages/destinations/src/sentry.ts')).href
  const config = `import { sentry } from '${factory}'\nexport default { destinations: [sentry(${JSON.stringify(settings)})] }\n`
  await writeFile(join(root, 'mapseal.config.mjs'), config)
  await build()
  await mapseal(reader, 'seal', 'dist')
  expect(await packs()).toEqual(written)
  expect(await symbolicateAt(sentry.url)).toMatch(both)

  // What is new is packed as it is sent, by either version.
  await writeFile(join(root, 'dist/small.js'), 'function small() {\nreturn 1 }\n//# sourceMappingURL=small.js.map\n')
  await writeFile(
    join(root, 'dist/small.js.map'),
    JSON.stringify({ version: 3, sources: ['../src/new.ts'], sourcesContent: ['x'], names: [], mappings: 'AAAA' }),
  )
  await mapseal('24', 'seal', 'dist')
  const [added] = (await packs()).filter(pack => !written.includes(pack))
  expect(await magic(added)).toBe('1f8b')
})
