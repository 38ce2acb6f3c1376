import type { Result, Row } from './row.ts'

const columns = [
  'project',
  'version',
  'hooked by',
  'scripts',
  'with ID',
  'decodable',
  'maps without Mapseal',
  'maps left',
  'records',
  'deliveries',
  'server stack',
  'client stack',
  'release in the page',
  'warnings',
  '`check`',
  'leaks found',
]

/** The page of all results, with the rows that have none and why. */
export function pageOf(
  rows: Row[],
  results: Map<string, Result>,
  failures: Map<string, string>,
  guides: string[],
): string {
  const lines = rows.flatMap(row => {
    const result = results.get(row.name)
    return result ? [cells(row, result)] : []
  })
  const notes = rows.filter(row => row.explained && results.has(row.name))
  const missing = rows.filter(row => !results.has(row.name))
  return [
    '# Frameworks',
    '',
    'Written by `npm run frameworks`. Each row is a project of its own, installed in these versions from the npm registry and built for',
    'production by its own command. `npx mapseal check` looks at what would be deployed, without options. Then it is run: an error is',
    'thrown on the server and one in Chromium, and their stacks are read back with `npx mapseal symbolicate`, to file, line and source.',
    'A script counts as decodable if its source map names a source. The same build without Mapseal, with source maps switched on, tells',
    'how many scripts can be decodable at all. The script of the release, which is Mapseal’s own, does not count. The release in the page',
    'is what SDKs read there.',
    'At last `check` has to find four leaks that are put into the output: a map, a link to one, an inline map, a map in a JSON file.',
    '',
    `How to set each of them up: ${guides.map(name => `[${name}](frameworks/${name}.md)`).join(' · ')}.`,
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map(() => '---').join(' | ')} |`,
    ...lines.map(line => `| ${line.join(' | ')} |`),
    '',
    ...(notes.length > 0 ? ['## Explained', '', ...notes.map(row => `- ${row.title}: ${row.explained}`), ''] : []),
    ...(missing.length > 0
      ? ['## Missing', '', ...missing.map(row => `- ${row.title}: ${failures.get(row.name) ?? 'not run yet'}`), '']
      : []),
  ].join('\n')
}

function cells({ title, hook }: Row, result: Result): string[] {
  const { server, edge, client } = result.stacks
  return [
    title,
    Object.entries(result.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    `\`${hook}\``,
    ...[result.scripts, result.withId, result.decodable, result.plainMaps ?? '', result.mapsLeft].map(String),
    ...[result.records, result.deliveries].map(String),
    [stackCell(server), ...(edge === undefined ? [] : [`edge: ${stackCell(edge)}`])].join(', '),
    stackCell(client),
    result.release ?? '',
    String(result.warnings.length),
    result.problems.length === 0 ? 'passes' : `fails: ${result.problems.length} lines`,
    result.missedLeaks.length === 0 ? 'all' : `not ${result.missedLeaks.join(', ')}`,
  ]
}

function stackCell(stack: string | undefined): string {
  if (stack === undefined) return ''
  return stack.startsWith('not read') ? '**not read**' : `\`${stack}\``
}
