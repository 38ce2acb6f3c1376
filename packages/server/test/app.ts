import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A small app as a bundler leaves it, in a repository with a commit. */
export interface App {
  dir: string
  dist: string
  commit: string
}

export async function makeApp(): Promise<App> {
  const dir = await mkdtemp(join(tmpdir(), 'mapseal-server-app-'))
  const dist = join(dir, 'dist')
  await mkdir(join(dist, 'assets'), { recursive: true })
  await writeFile(join(dir, '.gitignore'), '.sentry*\n.cache\n.config\n')
  await writeScript(dist, 'app.js', 'export function greet(name) { throw new Error(name) }')
  await writeScript(dist, 'assets/lazy.js', 'export const lazy = () => 1')
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=Dev', '-c', 'user.email=dev@example.com', ...args], {
      encoding: 'utf8',
    })
  git('init', '-q')
  git('remote', 'add', 'origin', 'https://github.com/acme/shop.git')
  git('add', '.')
  git('commit', '-q', '-m', 'the first commit')
  return { dir, dist, commit: git('rev-parse', 'HEAD').trim() }
}

export async function writeScript(dist: string, path: string, source: string): Promise<void> {
  const name = path.split('/').at(-1) as string
  const map = {
    version: 3,
    file: name,
    sources: [`../src/${name}`],
    sourcesContent: [source],
    names: [],
    mappings: 'AAAA',
  }
  await writeFile(join(dist, path), `${source}\n//# sourceMappingURL=${name}.map\n`)
  await writeFile(join(dist, `${path}.map`), JSON.stringify(map))
}
