import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles } from '@mapseal/core'
import type { App } from '../app.ts'
import { runIn } from './build.ts'

const map = JSON.stringify({
  version: 3,
  sources: ['src/secret.ts'],
  sourcesContent: ['const secret = 1'],
  names: [],
  mappings: 'AAAA',
})

/** What is put into the folder, and what `check` has to name. */
interface Leak {
  name: string
  put(script: string, code: string): Record<string, string>
}

const leaks: Leak[] = [
  { name: 'a map copied back', put: script => ({ [`${script}.map`]: map }) },
  {
    name: 'a link to a map that exists',
    put: (script, code) => ({ [script]: `${code}\n//# sourceMappingURL=leak.json\n`, 'leak.json': map }),
  },
  {
    name: 'an inline map',
    put: (script, code) => ({
      [script]: `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}\n`,
    }),
  },
  { name: 'sourcesContent in a JSON file', put: () => ({ 'stats.json': map }) },
]

/** Puts each leak into a deployed folder for a moment. @returns the names of those that `check` passes */
export async function findMissedLeaks(app: App, deployed: string): Promise<string[]> {
  const dir = join(app.dir, deployed)
  const scripts = (await listFiles(dir)).filter(path => /\.m?js$/.test(path))
  const missed: string[] = []
  for (const { name, put } of leaks) {
    const script = scripts[0] as string
    const before = await readFile(join(dir, script), 'utf8')
    const files = put(script, before)
    for (const [path, content] of Object.entries(files)) await writeFile(placeOf(dir, script, path), content)
    const { code, stdout } = await runIn(app, ['mapseal', 'check', deployed])
    if (code !== 1 || !stdout.includes('Reveals source')) missed.push(name)
    for (const path of Object.keys(files)) await rm(placeOf(dir, script, path))
    await writeFile(join(dir, script), before)
  }
  return missed
}

/** A new file goes beside the script. */
function placeOf(dir: string, script: string, path: string): string {
  return path.startsWith(script) ? join(dir, path) : join(dir, script, '..', path)
}
