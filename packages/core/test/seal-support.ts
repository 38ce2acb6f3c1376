import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'
import type { Report } from '../src/build/report.ts'
import { sealFolder } from '../src/build/seal/seal-folder.ts'
import { openMap } from '../src/map/read/open.ts'
import type { Options } from '../src/options.ts'
import { openVault } from '../src/vault/locate.ts'

/** A project with a folder `dist` to be sealed. */
export interface Project {
  dir: string
  lines: string[]
  write(files: Record<string, string | Buffer>): Promise<void>
  read(path: string): Promise<string>
  bytes(path: string): Promise<Buffer>
  seal(options?: Options): Promise<Report>
  /** Where `throw` in a script of `dist` leads to by the map that the newest build keeps: `source:line:column`. */
  origin(path: string, options?: Options): Promise<string | undefined>
  remove(): Promise<void>
}

export async function createProject(): Promise<Project> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'seal-')))
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const base = { vault: 'vault', release: '1', onError: 'warn', logger: { info: log, warn: log, error: log } } as const
  const project: Project = {
    dir,
    lines,
    async write(files) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(dir, path)), { recursive: true })
        await writeFile(join(dir, path), content)
      }
    },
    read: path => readFile(join(dir, path), 'utf8'),
    bytes: path => readFile(join(dir, path)),
    seal: options => sealFolder('dist', { ...base, ...options }, dir),
    async origin(path) {
      const vault = openVault('vault', dir)
      const [build] = await vault.records()
      const file = build?.files.find(file => file.path === path)
      if (!file?.map) return undefined
      return place(await project.read(`dist/${path}`), Buffer.from(await vault.read(file.map)))
    },
    remove: () => rm(dir, { recursive: true }),
  }
  await project.write({ 'package.json': '{"name":"seal-test"}' })
  return project
}

/** Where `throw` leads to by a map, as `source:line:column`. */
export function place(code: string, map: Buffer): string | undefined {
  const before = code.slice(0, code.indexOf('throw new')).split('\n')
  const found = openMap(map, '').find(before.length - 1, (before.at(-1) as string).length)
  if (typeof found === 'string') return found
  const { segment } = found
  return `${found.map.source(segment.source)}:${segment.line + 1}:${segment.column}`
}

/** A script that esbuild minified, and its map; `throw` stands in line 2 of the source. */
export async function compile(name: string, options: { format?: 'esm' | 'iife'; file?: string } = {}) {
  const source = `export function ${name}(sum: number) {\n  throw new Error('${name}' + sum)\n}\nconsole.log(typeof ${name})\n`
  const { code, map } = await transform(source, {
    loader: 'ts',
    minify: true,
    format: options.format ?? 'iife',
    sourcemap: 'external',
    sourcefile: `src/${name}.ts`,
  })
  const { file } = options
  return { code, map: file === undefined ? map : JSON.stringify({ ...JSON.parse(map), file }) }
}
