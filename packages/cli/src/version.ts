import { readFile } from 'node:fs/promises'

/** All packages bear one version. `src/` and `dist/` are equally deep. */
export async function version(): Promise<string> {
  return JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')).version
}
