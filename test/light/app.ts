import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** So many that limits are reached, and so large that each of their maps is compressed in pieces. */
export const pages = 12
const functions = 2500

/** Writes an app of large, lazily loaded pages; `test/toolchains/real/build.ts` builds it. */
export async function writeApp(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const names = Array.from({ length: pages }, (_, page) => `page-${page}`)
  const routes = names.map(name => `  '${name}': () => import('./${name}.js'),`).join('\n')
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>')
  await writeFile(join(folder, 'main.js'), `const routes = {\n${routes}\n}\nroutes[location.hash.slice(1)]?.()\n`)
  for (const name of names) await writeFile(join(folder, `${name}.js`), pageOf(name))
}

function pageOf(page: string): string {
  const code = Array.from({ length: functions }, (_, index) => {
    const label = `${page}/${Math.imul(index + 1, 2654435761) >>> 0}`
    return `export function open${index}(visitor, basket) {
  if (visitor.age < ${index}) throw new RangeError('${label} is closed to ' + visitor.name)
  return basket.items.map(item => item.price * ${index} + '${label}'.length)
}`
  })
  return `${code.join('\n\n')}\n`
}
