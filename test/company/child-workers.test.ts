import { join } from 'node:path'
import { type FileRecord, openVault } from '@mapseal/core'
import { symbolicate } from '@mapseal/core/symbolicate'
import { describe, expect, test } from 'vitest'
import { type Built, buildRspack, buildWebpack, originalOf, place } from './cases.ts'

/** Workers that a loader builds with a child compiler, as worker-loader, workerize-loader and comlink-loader do. */

/** What worker-loader does, with `inline: 'no-fallback'` or without. */
const loader = `
module.exports = function () {}
module.exports.pitch = function (request) {
  const { inline, filename, isPlain } = this.getOptions()
  const done = this.async()
  const { webpack } = this._compiler
  const child = this._compilation.createChildCompiler('worker ' + request, { filename })
  if (!isPlain) new webpack.webworker.WebWorkerTemplatePlugin().apply(child)
  new webpack.EntryPlugin(this.context, '!!' + request, 'work').apply(child)
  child.runAsChild((error, entries, compilation) => {
    if (error) return done(error)
    const [name] = entries[0].files
    const code = compilation.assets[name].source().toString()
    if (!inline) return done(null, 'export default ' + JSON.stringify(name))
    delete this._compilation.assets[name]
    delete this._compilation.assets[name + '.map']
    done(null, 'export default ' + JSON.stringify(code))
  })
}`

const worker = (name: string) => `// a comment
self.onmessage = ({ data }) => {
  if (!data.price) throw new Error('boom-${name}')
}
`
const files = {
  'loader.cjs': loader,
  'src/main.js': `import a from './a/work.js'
import b from './b/work.js'
globalThis.workers = [a, b]
// a comment that moves lines
function boom(order) {
  if (!order.price) throw new Error('boom-main')
}
globalThis.boom = boom
`,
  'src/a/work.js': worker('a'),
  'src/b/work.js': `\n${worker('b')}`,
}

const rules = (dir: string, options: object) => ({
  module: { rules: [{ test: /work\.js$/, use: [{ loader: join(dir, 'loader.cjs'), options }] }] },
})

/** Where a throw in a worker leads by its debug ID alone, as an SDK reports it of a worker that has a URL of its own. */
async function originalInWorker({ dir, records }: Built, text: string): Promise<string> {
  const vault = openVault('vault', dir)
  for (const file of records.flatMap(build => build.files as FileRecord[])) {
    const code = Buffer.from(await vault.read(file.code)).toString()
    if (!file.path.includes('work') || !code.includes(text)) continue
    const before = code.slice(0, code.indexOf(text)).split('\n')
    const url = 'blob:http://localhost/1'
    const stack = `Error: ${text}\n    at f (${url}:${before.length}:${(before.at(-1) as string).length + 1})`
    const { lines } = await symbolicate(stack, vault, { debugIds: { [url]: file.debugId } })
    const frame = lines.find(line => line.kind === 'original')
    return frame ? `${frame.original.source.split('/').slice(-2).join('/')}:${frame.original.line}` : 'unread'
  }
  return 'not kept'
}

const idsIn = (text: string | undefined) =>
  [...(text ?? '').matchAll(/\/\/# debugId=([-\da-f]{36})/g)].map(([, id]) => id as string)

describe.each([
  ['webpack', buildWebpack],
  ['Rspack', buildRspack],
])('%s', (_, build) => {
  test('workers of one name, each as a text in the script: they decode by their debug IDs', async () => {
    const dir = await place(files)
    const built = await build(dir, ours => ours, rules(dir, { inline: true, filename: 'work.js' }))
    expect(built.failure).toBeUndefined()
    expect(Object.keys(built.files)).toEqual(Object.keys(built.plain))
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
    const kept = built.records.flatMap(record => record.files.map(file => file.debugId))
    expect(idsIn(built.files['main.js']).sort()).toEqual(kept.sort())
    expect(await originalInWorker(built, 'boom-a')).toBe('a/work.js:3')
    expect(await originalInWorker(built, 'boom-b')).toBe('b/work.js:4')
    expect(await originalOf(built, 'main.js', 'boom-main')).toBe('main.js:6')
  })

  test.each(['[name].[contenthash].js', 'work.[hash].js'])('workers as files of their own, %s', async filename => {
    const dir = await place(files)
    const built = await build(dir, ours => ours, rules(dir, { filename }))
    expect(built.failure).toBeUndefined()
    expect(built.report).toMatchObject({ scripts: 3, decodable: 3, leaks: [] })
    for (const [path, text] of Object.entries(built.files)) {
      expect(idsIn(text)).toHaveLength(1)
      expect(text).not.toContain('sourceMappingURL')
      expect(built.files['main.js']).toContain(path === 'main.js' ? 'boom' : path)
    }
    expect(await originalInWorker(built, 'boom-a')).toBe('a/work.js:3')
    expect(await originalInWorker(built, 'boom-b')).toBe('b/work.js:4')
  })

  test('a script as a text of which nothing says where it runs: the build says that it will not decode', async () => {
    const dir = await place(files)
    const built = await build(dir, ours => ours, rules(dir, { inline: true, filename: 'work.js', isPlain: true }))
    expect(built.failure).toBeUndefined()
    expect(built.report).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
    expect(built.lines.join('\n')).toContain('work.js, which a child compiler built, is a string in main.js')
    expect(await originalOf(built, 'main.js', 'boom-main')).toBe('main.js:6')
  })

  test('where source maps stay, those of the workers have their debug IDs', async () => {
    const dir = await place(files)
    const config = { ...rules(dir, { filename: '[contenthash].js' }), devtool: 'hidden-source-map' as const }
    const built = await build(dir, ours => ours, config, { output: 'keep' })
    const maps = Object.keys(built.files).filter(name => name.endsWith('.map'))
    expect(maps).toHaveLength(3)
    for (const name of maps)
      expect(idsIn(built.files[name.slice(0, -4)])).toEqual([JSON.parse(built.files[name] as string).debugId])
  })
})
