import type { Page } from './pages.ts'

export const INDEX = `<!doctype html>
<meta charset="utf-8">
<title>An app of real packages</title>
<script type="module" src="./main.js"></script>
`

export const SHELL = `export function describe(name, contents) {
  const names = Object.keys(contents)
  if (names.length === 0) throw new RangeError(\`\${name} exports nothing\`)
  return \`\${name}: \${names.length} exports, \${names.slice(0, 3).join(', ')}…\`
}
`

export function mainOf(routes: { team: string; name: string }[]): string {
  const lines = routes.map(({ team, name }) => `  '${team}/${name}': () => import('./${team}/${name}.js'),`)
  return `import { describe } from './shell.js'

const routes = {
${lines.join('\n')}
}

export async function open(name) {
  const page = await routes[name]()
  return page.render()
}

document.title = describe('app', routes)
document.body.append(...Object.keys(routes).map(linkTo))
addEventListener('hashchange', showRoute)

function linkTo(name) {
  const link = document.createElement('a')
  link.href = \`#\${name}\`
  link.textContent = \`\${name} \`
  return link
}

async function showRoute() {
  document.title = await open(location.hash.slice(1))
}
`
}

/** Names of all exports are read at run time, so that bundlers keep every one. */
export function pageOf({ name, imports }: Page): string {
  const lines = imports.map((path, index) => `import * as contents${index} from '${path}'`)
  const all = imports.map((_, index) => `...contents${index}`)
  return `${lines.join('\n')}
import { describe } from '../shell.js'

export function render() {
  return describe('${name}', { ${all.join(', ')} })
}
`
}
