import { access, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { APPS } from '../places.ts'
import { listPages, type Page, type Size } from './pages.ts'
import { INDEX, mainOf, pageOf, SHELL } from './sources.ts'

/**
 * What the large app holds several times, as a repository of several teams does, each with a copy of its own: bundlers know
 * modules by their path.
 */
const COPIED = ['plotly.js-dist', 'three', 'typescript', 'mathjs', 'date-fns', 'highlight.js']
const COPIES: Record<Size, number> = { S: 1, M: 1, L: 3 }

/**
 * Writes the app of a size once: an entry, a shared module and one lazily loaded page for each package entry. The packages'
 * versions are exact, so the same bytes are written everywhere.
 *
 * @returns its folder
 */
export async function generate(size: Size): Promise<string> {
  const folder = join(APPS, 'generated', size.toLowerCase())
  const isThere = await access(join(folder, 'index.html')).then(
    () => true,
    () => false,
  )
  if (isThere) return folder
  await rm(folder, { recursive: true, force: true })
  const pages = await listPages(size)
  const teams = Array.from({ length: COPIES[size] }, (_, index) => `team-${index + 1}`)
  for (const team of teams) await writeTeam(join(folder, team), team === 'team-1' ? pages : pages.filter(isCopied))
  const routes = teams.flatMap(team =>
    (team === 'team-1' ? pages : pages.filter(isCopied)).map(({ name }) => ({ team, name })),
  )
  await writeFile(join(folder, 'shell.js'), SHELL)
  await writeFile(join(folder, 'main.js'), mainOf(routes))
  for (const team of teams.slice(1)) await copyPackages(join(folder, team))
  // Last, as the sign that the rest is whole.
  await writeFile(join(folder, 'index.html'), INDEX)
  return folder
}

const isCopied = ({ imports }: Page) => imports.every(path => COPIED.some(name => path.startsWith(name)))

async function writeTeam(folder: string, pages: Page[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const page of pages) await writeFile(join(folder, `${page.name}.js`), pageOf(page))
}

async function copyPackages(folder: string): Promise<void> {
  for (const name of COPIED) {
    const target = join(folder, 'node_modules', name)
    await mkdir(dirname(target), { recursive: true })
    await cp(join(APPS, 'node_modules', name), target, { recursive: true })
  }
}
