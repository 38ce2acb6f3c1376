// Writes what follows from the files in packages/destinations/src: `npm run destinations`. A test checks that it was run.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT, readJson } from './packages.mjs'

/**
 * The entries of both packages, the re-exports, and the list in the documentation.
 *
 * @returns {Record<string, string>} texts by paths, relative to the repository
 */
export function derivedFiles() {
  const names = readdirSync(join(ROOT, 'packages/destinations/src'))
    .filter(file => file.endsWith('.ts'))
    .map(file => file.slice(0, -'.ts'.length))
    .sort()
  const files = {
    'packages/destinations/package.json': manifest('packages/destinations', './', names, name => ({
      'mapseal-source': `./src/${name}.ts`,
      types: `./dist/${name}.d.ts`,
      default: `./dist/${name}.js`,
    })),
    'packages/mapseal/package.json': manifest('packages/mapseal', './destinations/', names, name => ({
      'mapseal-source': `./src/destinations/${name}.ts`,
      require: { types: `./dist/destinations/${name}.d.cts`, default: `./dist/destinations/${name}.cjs` },
      types: `./dist/destinations/${name}.d.ts`,
      default: `./dist/destinations/${name}.js`,
    })),
    'docs/destinations.md': listed(read('docs/destinations.md'), names),
  }
  for (const name of names) {
    const [, options] = /export interface (\w+Options)\b/.exec(read(`packages/destinations/src/${name}.ts`)) ?? []
    const text = `export { type ${options}, ${name} } from '@mapseal/destinations/${name}'\n`
    files[`packages/mapseal/src/destinations/${name}.ts`] = text
  }
  return files
}

function manifest(dir, prefix, names, conditionsOf) {
  const { exports, ...others } = readJson(`${dir}/package.json`)
  const isDestination = ([entry, target]) =>
    entry.startsWith(prefix) && /^\.\/src\/(?:destinations\/)?[^/]+\.ts$/.test(target['mapseal-source'])
  const kept = Object.entries(exports).filter(entry => !isDestination(entry))
  const own = names.map(name => [`${prefix}${name}`, conditionsOf(name)])
  const all = Object.fromEntries([...kept.slice(0, -1), ...own, ...kept.slice(-1)])
  // The fields keep their order.
  const fields = Object.keys(readJson(`${dir}/package.json`)).map(key => [key, key === 'exports' ? all : others[key]])
  return `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`
}

/** The table with a row for each page: its first sentence. */
function listed(page, names) {
  const rows = names.map(name => [`[\`${name}\`](destinations/${name}.md)`, firstSentence(name)])
  const widths = [0, 1].map(column => Math.max(...rows.map(row => row[column].length)))
  const line = cells => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  const table = [
    line(['destination', '']),
    `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`,
    ...rows.map(line),
  ]
  return page.replace(/^\| destination [\s\S]*?\n(?!\|)/m, `${table.join('\n')}\n`)
}

function firstSentence(name) {
  const [, paragraph = ''] = /^# [^\n]*\n\n([\s\S]*?)\n\n/.exec(read(`docs/destinations/${name}.md`)) ?? []
  return paragraph
    .replaceAll('\n', ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split(/(?<=\.)\s/)[0]
    .replace(/\.$/, '')
}

function read(path) {
  return readFileSync(join(ROOT, path), 'utf8')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(derivedFiles())) writeFileSync(join(ROOT, path), text)
}
