import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deliverySection } from './page/delivery.ts'
import { importSection, installSection } from './page/footprint.ts'
import { nodesSection } from './page/nodes.ts'
import { loadAll } from './store.ts'

const PAGE = join(import.meta.dirname, '../docs/benchmarks.md')
const page = await readFile(PAGE, 'utf8')
const parts = page.split(/\n(?=## )/)
const head = parts.shift() as string
const named = new Map(parts.map(part => [part.split('\n', 1)[0] as string, part.trim()]))
const { newer, imports, installs, deliveries } = await loadAll()

/** Tables of the page itself. */
const cost = named.get('## Cost of a build') as string
const rows = cost.split(/\n(?=### )/).slice(1)
const titles = ['Mapseal', 'Sentry 11', 'Sentry 5', 'Datadog', 'PostHog', 'Faro', 'Honeybadger']
const cells = rows.map(row => {
  const name = (row.split('\n', 1)[0] as string).slice(4)
  const lines = row
    .split('\n')
    .filter(line => line.startsWith('| '))
    .map(line => line.slice(2, -2).split(' | '))
  return { name, of: (title: string) => lines.find(([first]) => first?.startsWith(`${title}, full`)) }
})
const shown = cells.filter(({ of }) => titles.slice(1).some(title => of(title)))
const table = (cell: (line: string[] | undefined) => string) =>
  [
    `|  | ${titles.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(titles.length)}`,
    ...shown.map(({ name, of }) => `| ${name} | ${titles.map(title => cell(of(title))).join(' | ')} |`),
  ].join('\n')
const cpu = table(line => (line ? ((line[1] as string).split(' ')[0] as string) : ''))
const left = table(line => {
  if (!line) return ''
  const [withId = 0, all = 0] = (line[5] as string).split(' of ').map(Number)
  return `${line[6]} maps, ${all - withId} scripts`
})
const side = `## Side by side

CPU of a build that delivers its maps, as a multiple of the same build without a plugin:

${cpu}

Source maps that the same builds leave in the output, for anybody to read, and scripts that get no ID:

${left}`
const rounds20 = JSON.parse(process.argv[2] ?? '[]')
const sections = [
  head.trim(),
  side,
  cost,
  nodesSection(rounds20, newer),
  deliveries ? deliverySection(deliveries) : named.get('## Delivery'),
  imports ? importSection(imports) : named.get('## Importing the plugin'),
  installs ? installSection(installs) : named.get('## Installing the plugin'),
  named.get('## Targets'),
  (await readFile(join(import.meta.dirname, 'page/gaps.md'), 'utf8')).trim(),
  named.get('## Reading maps'),
  `## What leaves the machine\n\n\`node -C mapseal-source --import tsx bench/leaving/run.mjs\` measures what it costs to look for secrets, and to deliver to several vendors.\n\n${(await readFile(join(import.meta.dirname, 'leaving/results.md'), 'utf8')).trim()}`,
  named.get('## How it is measured'),
]
await writeFile(PAGE, `${sections.filter(Boolean).join('\n\n')}\n`)
