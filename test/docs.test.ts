import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { main } from '@mapseal/cli'
import { type Options, resolveOptions } from '@mapseal/core'
import { directory } from 'mapseal/destinations/directory'
import { afterAll, beforeAll, expect, test } from 'vitest'
import manifest from '../packages/mapseal/package.json' with { type: 'json' }
import { derivedFiles } from '../scripts/destinations.mjs'
import { publishedPackages } from '../scripts/packages.mjs'
import { runNode } from './support/command.ts'

/** Every option, command, destination and bundler is documented, and the examples work. */

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFile(join(root, path), 'utf8')
const names = (prefix: string) =>
  Object.keys(manifest.exports)
    .filter(entry => entry.startsWith(prefix))
    .map(entry => entry.slice(prefix.length))
const bundlers = names('./').filter(name => !/\/|^(?:package\.json|runtime|log|next|nuxt|astro)$/.test(name))
const destinations = names('./destinations/')

let project: string
beforeAll(async () => {
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  project = await mkdtemp(join(import.meta.dirname, '.tmp/docs-'))
  await mkdir(join(project, 'dist'))
  const code = 'throw new Error("x")\n//# sourceMappingURL=main.js.map\n'
  await writeFile(join(project, 'dist/main.js'), code)
  const map = {
    version: 3,
    sources: ['../main.ts'],
    sourcesContent: ['throw new Error("x")'],
    names: [],
    mappings: 'AAAA',
  }
  await writeFile(join(project, 'dist/main.js.map'), JSON.stringify(map))
  const files = { 'dist/main.js': code, 'dist/main.js.map': JSON.stringify(map) }
  await writeFile(
    join(project, 'build.mjs'),
    `import { writeFileSync } from 'node:fs'
     for (const [path, text] of Object.entries(${JSON.stringify(files)})) writeFileSync(path, text)`,
  )
  await writeFile(join(project, 'package.json'), '{ "scripts": { "build": "node build.mjs" } }')
  const releases = 'releases: { create: async () => {}, finalize: async () => {} }'
  const destination = `{ name: 'mine', deliver: async () => ({ artifacts: 1 }), deploy: async () => {}, ${releases} }`
  await writeFile(join(project, 'mapseal.config.mjs'), `export default { destinations: [${destination}] }`)
  await writeFile(join(project, 'vite.config.mjs'), 'export default {}')
  await writeFile(join(project, 'trace.txt'), 'Error: x\n    at main.js:1:500\n')
})
afterAll(() => rm(project, { recursive: true }))

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  let text = ''
  const output = { write: (part: string) => (text += part) }
  const stdin = (async function* () {})()
  const env = { MAPSEAL_RELEASE: '1.4.0' }
  // A server ends as soon as it runs.
  const untilStopped = async () => {}
  return { code: await main(args, { stdout: output, stderr: output, stdin, env, cwd: project, untilStopped }), text }
}

const blocks = (markdown: string, language: string) =>
  [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code)

const optionNames = Object.keys(resolveOptions({}, {}))

test.each(optionNames)('the option %s has a row, a section and an example that is accepted', async name => {
  const page = await read('docs/options.md')
  expect(page).toContain(`[\`${name}\`](#${name.toLowerCase()})`)
  const section = page.split(/^## /m).find(part => part.startsWith(`${name}\n`)) ?? ''
  const [example = ''] = blocks(section, 'ts')
  const call = example
    .split('\n')
    .filter(line => !line.startsWith('import '))
    .join('\n')
  const mapseal = (options: Options) => resolveOptions(options, { CI: 'true' })
  const resolved = new Function('mapseal', 'directory', `return ${call.trim()}`)(mapseal, directory)
  expect(resolved[name]).not.toEqual(resolveOptions({}, { CI: 'true' })[name as keyof Options])
})

test('no option is described that does not exist', async () => {
  const sections = (await read('docs/options.md'))
    .split(/^## /m)
    .slice(1)
    .map(part => part.split('\n')[0])
  expect(sections).toEqual(optionNames)
})

test.each(destinations)('the destination %s has a page and a line', async name => {
  expect(await read(`docs/destinations/${name}.md`)).toContain(`mapseal/destinations/${name}`)
  expect(await read('docs/destinations.md')).toContain(`[\`${name}\`](destinations/${name}.md)`)
})

test.each(Object.entries(derivedFiles()))('%s is what `npm run destinations` writes', async (path, text) => {
  expect(await read(path)).toBe(text)
})

test.each(destinations)('the first example of the destination %s is accepted', async name => {
  const [example = ''] = blocks(await read(`docs/destinations/${name}.md`), 'ts')
  const call = example
    .split('\n')
    .filter(line => !line.startsWith('import '))
    .join('\n')
  const { [name]: destination } = await import(`../packages/mapseal/src/destinations/${name}.ts`)
  const mapseal = (options: Options) => resolveOptions(options, {})
  const { destinations: made } = new Function('mapseal', name, `return ${call.trim()}`)(mapseal, destination)
  expect(made.map((each: { name: string }) => each.name)).toEqual([name])
})

test.each(bundlers)('the README has the entry for %s', async name => {
  expect(await read('README.md')).toContain(`import mapseal from 'mapseal/${name}'`)
})

test.each(['README.md', 'packages/mapseal/README.md'])("the config of %s is the playground's", async path => {
  const plain = (code: string) =>
    code
      .replace(/^\/\/.*\n/gm, '')
      .split('\n')
      .filter(Boolean)
      .sort()
      .join('\n')
  const [readme = ''] = blocks(await read(path), 'ts')
  expect(plain(readme)).toBe(plain(await read('playground/vite.config.ts')))
})

test('every command has a section, and its example runs', async () => {
  const page = await read('docs/cli.md')
  const help = await run('--help')
  const files = await readdir(join(root, 'packages/cli/src/commands'))
  for (const command of files.map(file => file.replace('.ts', ''))) {
    expect(page).toContain(`\n## ${command}\n`)
    expect(help.text).toContain(command)
  }
  const ofServer = blocks(await read('docs/server.md'), 'sh')
  const examples = [...blocks(page, 'sh'), ...ofServer].flatMap(block => block.trim().split('\n'))
  expect(examples.length).toBeGreaterThanOrEqual(files.length)
  for (const example of examples.filter(line => line.startsWith('npx mapseal '))) {
    const [npx, bin, ...args] = example.split(' ')
    expect([npx, bin]).toEqual(['npx', 'mapseal'])
    const { code, text } = await run(...args)
    expect(code, `${example}: ${text}`).toBe(0)
  }
})

test.each(publishedPackages())('the README of $name has examples that run', async ({ dir, name }) => {
  const page = await read(`${dir}/README.md`)
  expect(page.split('\n')[0]).toBe(`# ${name}`)
  const commands = blocks(page, 'sh').flatMap(block => block.trim().split('\n'))
  expect(await run('seal', 'dist')).toMatchObject({ code: 0 })
  let examples = 0
  for (const command of commands.filter(line => line.startsWith('npx mapseal '))) {
    const { code, text } = await run(...command.split(' ').slice(2))
    expect(code, `${command}: ${text}`).toBe(0)
    examples += 1
  }
  for (const code of blocks(page, 'js')) {
    await writeFile(join(project, 'example.mjs'), code)
    const args = ['-C', 'mapseal-source', '--import', 'tsx', 'example.mjs']
    expect(await runNode(args, { cwd: project })).toMatchObject({ code: 0, stdout: expect.stringMatching(/./) })
    examples += 1
  }
  expect(examples).toBeGreaterThan(0)
})

test('the architecture has a row for each folder of the core', async () => {
  const entries = await readdir(join(root, 'packages/core/src'), { withFileTypes: true })
  const folders = entries.filter(entry => entry.isDirectory()).map(({ name }) => name)
  const rows = (await read('docs/architecture.md')).matchAll(/^\| `([a-z]+)\/`/gm)
  expect([...rows].map(([, name]) => name).sort()).toEqual(folders.sort())
})

test('links between pages lead somewhere', async () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'SECURITY.md',
    ...(await readdir(join(root, 'docs'), { recursive: true }))
      .filter(path => path.endsWith('.md'))
      .map(path => `docs/${path}`),
  ]
  for (const page of pages) {
    for (const [, target = ''] of (await read(page)).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const path = join(page, '..', target)
      await expect(read(path), `${page} links to ${target}`).resolves.toBeTruthy()
    }
  }
})

test('each plugin of the page on other plugins is in a test of its combinations', async () => {
  const plugins = [...(await read('docs/company.md')).matchAll(/^\| `([^`]+)` /gm)].map(([, name]) => name as string)
  const tests = await Promise.all(
    ['cases', 'changes', 'checkers', 'left-maps', 'seal'].map(name => read(`test/company/${name}.test.ts`)),
  )
  expect(plugins.length).toBeGreaterThan(5)
  expect(plugins.filter(name => !tests.some(text => text.includes(`'${name}'`)))).toEqual([])
})
