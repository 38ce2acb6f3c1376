import { describe, expect, it } from 'vitest'
import { isData, isExportedLiteral } from '../src/inject/exported-literal.ts'

const literals = [
  'export default 1',
  '/*! licence */ "use strict";\n\nmodule.exports = { a: [1, -2.5e3, "x", null], \'b-c\': true, 3: `t` };\n',
  'const e="{\\"manifest_version\\":3}";export{e as default};',
  'var e=`{"a":"$x"}`;export{e as default};\n//# sourceMappingURL=a.js.map\n',
  '//#region data.json\nvar a = 3;\nvar data_default = { a, b: { c: a }, };\n\n//#endregion\nexport { a, data_default as default };\n',
  "'use strict';\n\nObject.defineProperty(exports, '__esModule', { value: true });\n\nconst a = !0, b = void 0;\nexports.a = a;\nexports.default = b;\n",
  `export default ${JSON.stringify({ text: 'x"\\`${'.repeat(50_000), list: Array.from({ length: 9000 }, (_, i) => i) })}`,
]

const assigned = [
  'self.__SSG_MANIFEST=new Set(["/a"]);self.__SSG_MANIFEST_CB&&self.__SSG_MANIFEST_CB()',
  'self.__SSG_MANIFEST=new Set;self.__SSG_MANIFEST_CB&&self.__SSG_MANIFEST_CB()',
  'self.__BUILD_MANIFEST={a:{},b:1e-4},self.__BUILD_MANIFEST_CB&&self.__BUILD_MANIFEST_CB();',
  'globalThis.__RSC_MANIFEST=(globalThis.__RSC_MANIFEST||{});globalThis.__RSC_MANIFEST["/page"]={}',
  'globalThis.__RSC_MANIFEST = globalThis.__RSC_MANIFEST || {};\nglobalThis.__RSC_MANIFEST["/page"] = {"a":{"id":3}};\n',
  'window.config = { url: "/api" }',
]

const others = [
  '',
  '// nothing',
  'export {}',
  'var a = 1',
  'export default a',
  'self.a = b()',
  'self.a == 1',
  'self.a && self.a',
  'self.a = new Set([b()])',
  'self.a = self.b',
  'self.a()',
  'self.a.push([[1], {}])',
  'export default `$' + '{a}`',
  'export default { a() { throw 1 } }',
  'export default { get a() { return 1 } }',
  'export default { [a]: 1 }',
  'export default { ...a }',
  'export default [b()]',
  'export default 1 + a.b',
  'export default "x".y.z',
  'export default "x"\n(a)',
  'export default () => {}',
  'export { a } from "./a.js"',
  'import "./a.js"; export default 1',
  'module.exports = 1; throw 2',
  'module.exports == 1',
  'exports.a = b.c',
  'var a = { b: 1 }; a.c.d; export { a }',
  `export default ${'['.repeat(5000)}${']'.repeat(5000)}`,
  `export default ${JSON.stringify('x'.repeat(200_000))}; a()`,
  `var a = ${JSON.stringify('x'.repeat(200_000))}`,
]

describe.each([
  ['text', (code: string) => code],
  ['bytes', (code: string) => Buffer.from(code)],
])('from %s', (_, source) => {
  it.each(literals)('is nothing but an exported literal: %.60s', code => {
    expect([isExportedLiteral(source(code)), isData(source(code))]).toEqual([true, true])
  })

  it.each(assigned)('is nothing but literals that globals get: %.60s', code => {
    expect([isExportedLiteral(source(code)), isData(source(code))]).toEqual([false, true])
  })

  it.each(others)('is more than that, or nothing: %.60s', code => {
    expect([isExportedLiteral(source(code)), isData(source(code))]).toEqual([false, false])
  })
})
