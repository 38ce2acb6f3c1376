import { join } from 'node:path'
import { vite as vite7 } from '@mapseal-test/vite7'
import * as vite8 from 'vite'
import { describe, expect, test } from 'vitest'
import { buildVite, place } from './cases.ts'

/** Which of a client's entries carry the release, where there is no page at build time. */

const files = {
  'src/client.js': "import('./route.js').then(({ route }) => document.body.append(route()))\n",
  'src/route.js': "export function route() {\n  return 'a route'\n}\n",
  'src/resource.js': "document.title = 'a resource'\n",
  'src/other.js': "export function other() {\n  return 'another'\n}\n",
}

const hashless = { output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' } }

/** The plugin of a framework, which names the entries itself. */
function framework(input: Record<string, string>): object {
  return {
    name: 'framework',
    config: () => ({ build: { rollupOptions: { input, preserveEntrySignatures: 'strict' } } }),
  }
}

describe.each([
  ['Vite 8', vite8],
  ['Vite 7', vite7],
] as const)('%s', (_, vite) => {
  async function carriers(names: Record<string, string>, isOwn: boolean): Promise<string[]> {
    const dir = await place(files)
    const input = Object.fromEntries(Object.entries(names).map(([name, path]) => [name, join(dir, path)]))
    const own = { ...hashless, ...(isOwn && { input, preserveEntrySignatures: 'strict' as const }) }
    const plugins = (ours: unknown[]) => [...(isOwn ? [] : [framework(input)]), ...ours]
    const built = await buildVite(vite, dir, plugins as never, { build: { rollupOptions: own } })
    expect(built.failure).toBeUndefined()
    const scripts = Object.entries(built.files).filter(([name]) => name.endsWith('.js'))
    return scripts.flatMap(([name, code]) => (code.includes('SENTRY_RELEASE') ? [name] : [])).sort()
  }

  test('a route that is an entry, and that another entry imports dynamically, does not', async () => {
    const names = { client: 'src/client.js', route: 'src/route.js', other: 'src/other.js' }
    expect(await carriers(names, false)).toEqual(['client.js', 'other.js'])
  })

  test('a route that is a module of the framework’s own making does not', async () => {
    const names = { client: 'src/client.js', other: 'src/other.js?client-route' }
    expect(await carriers(names, false)).toEqual(['client.js'])
  })

  test('nor does one that exports nothing, as a route for the server alone, where others of its kind do', async () => {
    const names = {
      client: 'src/client.js',
      other: 'src/other.js?client-route',
      resource: 'src/resource.js?client-route',
    }
    expect(await carriers(names, false)).toEqual(['client.js'])
  })

  test('modules of its own making do where there are no others', async () => {
    expect(await carriers({ other: 'src/other.js?client-route' }, false)).toEqual(['other.js'])
  })

  test('what the user names as an entry does', async () => {
    const names = { client: 'src/client.js', route: 'src/route.js' }
    expect(await carriers(names, true)).toEqual(['client.js', 'route.js'])
  })
})
