import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

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

test('the action of GitHub runs the commands of the recipe', async () => {
  const action = await read('action.yml')
  const commands = [...action.matchAll(/run: (npx .*)$/gm)].map(([, command]) => command)
  expect(commands).toEqual(['npx --no-install mapseal run -- "$COMMAND"', 'npx --no-install mapseal check $CHECK'])
  const inputs = [...action.matchAll(/^ {2}([\w-]+):\n {4}description/gm)].map(([, name]) => name)
  const recipe = await read('docs/ci.md')
  for (const [, used = ''] of recipe.matchAll(/^ {6}(command|check): /gm)) expect(inputs).toContain(used)
})
