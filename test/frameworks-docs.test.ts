import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rows } from './frameworks/rows/rows.ts'
import type { Result } from './frameworks/run/row.ts'

/** The pages on frameworks, and the recipes for CI. */

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFile(join(root, path), 'utf8')
const plain = (code: string) => code.replace(/\s+/g, ' ').trim()
const pages = await readdir(join(root, 'docs/frameworks'))

test('each config of a page is that of an app which npm run frameworks builds', async () => {
  const apps = await readdir(join(root, 'test/frameworks/apps'))
  let compared = 0
  for (const page of pages.filter(name => !['next.md', 'sveltekit.md'].includes(name))) {
    for (const [, file = '', code = ''] of (await read(`docs/frameworks/${page}`)).matchAll(
      /^```js\n\/\/ (\S+)\n(.*?)^```/gms,
    )) {
      const configs = await Promise.all(apps.map(app => read(`test/frameworks/apps/${app}/${file}`).catch(() => '')))
      expect(configs.map(plain), page).toContain(plain(code))
      compared += 1
    }
  }
  expect(compared).toBeGreaterThan(10)
})

test('the page of results names each guide and holds no row that was not run', async () => {
  const results = await read('docs/frameworks.md')
  for (const page of pages) expect(results).toContain(`](frameworks/${page})`)
  expect(results).not.toContain('not run yet')
})

test('each row makes one record and one delivery, leaves no map, warns of nothing, and explains which scripts do not decode', async () => {
  for (const { name, explained, run } of rows) {
    const result: Result = JSON.parse(await read(`test/frameworks/results/${name}.json`))
    const { records, deliveries, mapsLeft, warnings, problems, missedLeaks } = result
    expect({ records, deliveries, mapsLeft, warnings, problems, missedLeaks }, name).toEqual({
      records: 1,
      deliveries: 1,
      mapsLeft: 0,
      warnings: [],
      problems: [],
      missedLeaks: [],
    })
    expect(result.withId, name).toBe(result.scripts)
    const isAlike = result.decodable === result.scripts && result.onlyDecodable.length + result.onlyPlain.length === 0
    expect(isAlike || explained, name).toBeTruthy()
    const hasPage = run.kind === 'static' || (run.kind === 'server' && run.hasPage)
    if (hasPage) expect(result.release, name).toBe('1.4.0')
  }
})

test('the action of GitHub runs the commands of the recipe', async () => {
  const action = await read('action.yml')
  const commands = [...action.matchAll(/run: (npx .*)$/gm)].map(([, command]) => command)
  expect(commands).toEqual(['npx --no-install mapseal run -- "$COMMAND"', 'npx --no-install mapseal check $CHECK'])
  const inputs = [...action.matchAll(/^ {2}([\w-]+):\n {4}description/gm)].map(([, name]) => name)
  const recipe = await read('docs/ci.md')
  for (const [, used = ''] of recipe.matchAll(/^ {6}(command|check): /gm)) expect(inputs).toContain(used)
})
