import { createRequire } from 'node:module'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { SentryServer } from '../../../test/support/sentry-server.ts'
import { annotate } from '../src/annotate/annotate.ts'
import { build, reaching, removeProjects, startRecorder } from './build.ts'

const require = createRequire(import.meta.url)

/** `reactComponentAnnotation`, each of its options by name. */

// Each builds several times, in processes of their own.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

const attributes = (name: string, file = 'cart.tsx') =>
  ` data-sentry-component="${name}" data-sentry-source-file="${file}"`
const annotated = (code: string, ignored: string[] = []) => annotate(code, '/app/src/cart.tsx', ignored)?.code

describe('enabled', () => {
  test.each([
    [
      'a function',
      'function Cart() { return <ul><li/></ul> }',
      `function Cart() { return <ul${attributes('Cart')}><li/></ul> }`,
    ],
    ['an arrow', 'const Cart = () => <ul/>', `const Cart = () => <ul${attributes('Cart')}/>`],
    [
      'a class',
      'class Cart extends React.Component { render() { return <ul/> } }',
      `class Cart extends React.Component { render() { return <ul${attributes('Cart')}/> } }`,
    ],
    [
      'memo and forwardRef',
      'const Cart = memo(forwardRef((props, ref) => <ul ref={ref}/>))',
      `const Cart = memo(forwardRef((props, ref) => <ul${attributes('Cart')} ref={ref}/>))`,
    ],
    [
      'each return',
      'function Cart(p) { if (p) return <p/>; return p ? <b/> : <i/> }',
      `function Cart(p) { if (p) return <p${attributes('Cart')}/>; return p ? <b${attributes('Cart')}/> : <i${attributes('Cart')}/> }`,
    ],
    [
      'types',
      'function Cart<T,>({ a }: { a: T }) { return <p>{a as string}</p> }',
      `function Cart<T,>({ a }: { a: T }) { return <p${attributes('Cart')}>{a as string}</p> }`,
    ],
    ['a custom element', 'const Cart = () => <x-cart/>', `const Cart = () => <x-cart${attributes('Cart')}/>`],
    [
      'a spread, which may go over it',
      'const Cart = p => <p {...p}/>',
      `const Cart = p => <p${attributes('Cart')} {...p}/>`,
    ],
  ])('%s', (_, code, expected) => {
    expect(annotated(code)).toBe(expected)
  })

  test.each([
    ['a fragment', 'const Cart = () => <><p/></>', `const Cart = () => <><p${attributes('Cart')}/></>`],
    [
      'a named fragment',
      'const Cart = () => <React.Fragment key="1"><p/></React.Fragment>',
      `const Cart = () => <React.Fragment key="1"><p${attributes('Cart')}/></React.Fragment>`,
    ],
    [
      'a component, which gets no prop',
      'const Cart = () => <Card><p/></Card>',
      `const Cart = () => <Card><p${attributes('Cart')}/></Card>`,
    ],
    [
      'a member of an object',
      'const Cart = () => <motion.div><p/></motion.div>',
      `const Cart = () => <motion.div><p${attributes('Cart')}/></motion.div>`,
    ],
  ])('passes over %s to what is in it', (_, code, expected) => {
    expect(annotated(code)).toBe(expected)
  })

  test.each([
    ['elements of another renderer', 'const Scene = () => <mesh><boxGeometry/></mesh>'],
    ['what is annotated already', 'const Cart = () => <p data-sentry-component="Mine"/>'],
    ['a module without JSX', 'export const a = 1'],
    ['a module that does not parse', 'const Cart = () => <p'],
    [
      'functions in functions, which have names of their own',
      'const Cart = () => { list.map(() => { return <p/> }); return null }',
    ],
  ])('leaves %s alone', (_, code) => {
    expect(annotated(code)).toBeUndefined()
  })

  test('the map is exact, before and behind an annotation', () => {
    const code = 'const Cart = () => <p>{price()}</p>; other()'
    const { code: text = '', map } = annotate(code, '/app/src/cart.tsx', []) ?? {}
    for (const word of ['const', 'price', 'other']) {
      const { line, column } = originalPositionFor(new TraceMap(String(map)), { line: 1, column: text.indexOf(word) })
      expect([word, line, column]).toEqual([word, 1, code.indexOf(word)])
    }
  })
})

test('ignoredComponents: leaves the elements of these components alone', () => {
  const code = 'const Cart = () => <ul/>\nconst Price = () => <b/>'
  expect(annotated(code, ['Cart'])).toBe(`const Cart = () => <ul/>\nconst Price = () => <b${attributes('Price')}/>`)
})

describe('in a build', () => {
  let server: SentryServer
  beforeAll(async () => {
    server = await startRecorder()
  })
  afterEach(removeProjects)
  afterAll(() => server.close())

  const files = {
    'src/main.js': `import { Cart } from './cart.jsx'\nimport 'pkg'\nglobalThis.React = { createElement: (type, props, ...inner) => ({ type, props, inner }) }\nglobalThis.mainDone = JSON.stringify(Cart())\nglobalThis.finished = import('./lazy.js').then(({ lazy }) => lazy())\n`,
    'src/cart.jsx': 'export const Cart = () => <ul><li>one</li></ul>\n',
    'node_modules/pkg/package.json': '{ "name": "pkg", "main": "index.jsx", "type": "module" }',
    'node_modules/pkg/index.jsx': 'export const Pkg = () => <p/>\nglobalThis.lazyDone = String(Pkg)\n',
  }

  const rule = `{ test: /\\.jsx$/, loader: import.meta.dirname + '/jsx-loader.cjs' }`
  const loader = `const esbuild = require(${JSON.stringify(require.resolve('esbuild'))})\nmodule.exports = function (code, map) { const done = this.async(); esbuild.transform(code, { loader: 'jsx', sourcemap: 'external', sourcefile: this.resourcePath }).then(result => done(null, result.code, result.map)) }`

  const configs = {
    vite8: `{ oxc: { jsx: { runtime: 'classic' } } }`,
    vite7: `{ esbuild: { jsx: 'transform' } }`,
    rolldown: `{ transform: { jsx: { runtime: 'classic' } } }`,
    webpack: `{ module: { rules: [${rule}] } }`,
    rspack: `{ module: { rules: [${rule}] } }`,
    esbuild: '{}',
  }

  test.each(Object.entries(configs))(
    '%s: enabled annotates modules of the app and none of packages',
    async (bundler, config) => {
      const options = reaching(server, 'reactComponentAnnotation: { enabled: true }')
      const built = await build({
        bundler: bundler as 'vite8',
        options,
        config,
        files: { ...files, 'jsx-loader.cjs': loader },
      })
      expect(built.code, built.stderr).toBe(0)
      const text = [...built.files.values()].join('')
      expect(text.match(/data-sentry-component/g)).toHaveLength(1)
      expect(text).toMatch(/"data-sentry-component": ?["'`]Cart["'`]/)
    },
  )

  test('off by default; _experimentalInjectIntoHtml makes no difference, since elements are all that is annotated', async () => {
    const built = (annotation: string) =>
      build({ bundler: 'esbuild', files, options: reaching(server, `reactComponentAnnotation: ${annotation}`) })
    const off = await built('{ ignoredComponents: [] }')
    expect([...off.files.values()].join('')).not.toContain('data-sentry')
    const on = await built('{ enabled: true }')
    const html = await built('{ enabled: true, _experimentalInjectIntoHtml: true }')
    expect([...html.files]).toEqual([...on.files])
  })
})
