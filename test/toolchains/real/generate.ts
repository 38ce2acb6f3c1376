import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

/** A lazily loaded page: its module imports one package entry. */
interface Page {
  name: string
  import: string
}

const LARGE = ['echarts', 'mathjs', 'lodash-es', 'rxjs', 'three', 'three/webgpu', 'three/tsl']
const THREE_FOLDERS = ['controls', 'exporters', 'geometries', 'lines', 'loaders', 'objects', 'postprocessing']
/** An alias of another language is a few hundred bytes and would be a chunk of nothing. */
const SMALLEST_LANGUAGE = 2000

/** Resolves what this folder's package.json installs. */
const require = createRequire(import.meta.url)

/**
 * Writes an app of real packages into `folder`, which must lie below this one so that they resolve: an entry, a shared module and
 * one lazily loaded page for each package entry below. The same packages give the same bytes.
 *
 * @returns the number of pages
 */
export async function generate(folder: string): Promise<number> {
  const pages = await listPages()
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'pages'), { recursive: true })
  await writeFile(join(folder, 'index.html'), INDEX)
  await writeFile(join(folder, 'shell.js'), SHELL)
  await writeFile(join(folder, 'main.js'), mainOf(pages))
  for (const page of pages) await writeFile(join(folder, 'pages', `${page.name}.js`), pageOf(page))
  return pages.length
}

async function listPages(): Promise<Page[]> {
  const groups = await Promise.all([languages(), dates(), highlighters(), ...THREE_FOLDERS.map(addons)])
  const large = LARGE.map(name => ({ name: name.replace('/', '-'), import: name }))
  return [...large, ...groups.flat()].sort((left, right) => (left.name < right.name ? -1 : 1))
}

async function languages(): Promise<Page[]> {
  const folder = dirname(require.resolve('@shikijs/langs'))
  const files = await filesOf(folder, '.mjs')
  const sizes = await Promise.all(files.map(file => stat(join(folder, file))))
  return files
    .filter((file, index) => file !== 'index.mjs' && (sizes[index]?.size ?? 0) >= SMALLEST_LANGUAGE)
    .map(file => ({ name: `language-${basename(file, '.mjs')}`, import: `@shikijs/langs/${basename(file, '.mjs')}` }))
}

function dates(): Page[] {
  const { exports }: { exports: Record<string, unknown> } = require('date-fns/package.json')
  const files = Object.keys(exports).filter(path => /^\.\/locale\/[\w-]+$/.test(path))
  return files.map(path => ({ name: `date-${basename(path)}`, import: join('date-fns', path) }))
}

async function highlighters(): Promise<Page[]> {
  const files = await filesOf(join(dirname(require.resolve('highlight.js/package.json')), 'es/languages'), '.js')
  return files
    .filter(file => !file.endsWith('.js.js'))
    .map(file => basename(file, '.js'))
    .map(name => ({ name: `highlight-${name}`, import: `highlight.js/lib/languages/${name}` }))
}

async function addons(group: string): Promise<Page[]> {
  const files = await filesOf(join(dirname(dirname(require.resolve('three'))), 'examples/jsm', group), '.js')
  return files.map(file => ({ name: `three-${basename(file, '.js')}`, import: `three/addons/${group}/${file}` }))
}

async function filesOf(folder: string, extension: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter(entry => entry.isFile() && entry.name.endsWith(extension)).map(entry => entry.name)
}

const INDEX = `<!doctype html>
<meta charset="utf-8">
<title>Real packages</title>
<script type="module" src="./main.js"></script>
`

const SHELL = `export function describe(name, contents) {
  const names = Object.keys(contents)
  if (names.length === 0) throw new RangeError(\`\${name} exports nothing\`)
  return \`\${name}: \${names.length} exports, \${names.slice(0, 3).join(', ')}…\`
}
`

function mainOf(pages: Page[]): string {
  const routes = pages.map(({ name }) => `  '${name}': () => import('./pages/${name}.js'),`)
  return `import { describe } from './shell.js'

const routes = {
${routes.join('\n')}
}

export async function open(name) {
  const page = await routes[name]()
  return page.render()
}

document.title = describe('app', routes)
document.body.append(...Object.keys(routes).map(linkTo))
addEventListener('hashchange', showRoute)

function linkTo(name) {
  const link = document.createElement('a')
  link.href = \`#\${name}\`
  link.textContent = \`\${name} \`
  return link
}

async function showRoute() {
  document.title = await open(location.hash.slice(1))
}
`
}

function pageOf({ name, import: specifier }: Page): string {
  return `import * as contents from '${specifier}'
import { describe } from '../shell.js'

export function render() {
  return describe('${name}', contents)
}
`
}
