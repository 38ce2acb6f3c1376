import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withoutObeyedLinks } from '../src/build/seal/obeyed-links.ts'
import { compile, createProject, type Project } from './seal-support.ts'

const cut = (code: string) => withoutObeyedLinks(Buffer.from(code)).code.toString()
const comment = '//# sourceMappingURL=a.js.map'

describe('comments amid the code that an engine obeys', () => {
  it.each([
    ['on a line of its own', `a()\n${comment}\nb()`, 'a()\n\nb()'],
    ['indented, in the old form', `a()\n  //@ sourceMappingURL=a.js.map\nb('é')`, "a()\n  \nb('é')"],
    ['after code', `a() ${comment}\nb()`, 'a() \nb()'],
    ['each of several', `${comment}\na()\n${comment}\nb(\`\n${comment}\n\`)`, `\na()\n\nb(\`\n${comment}\n\`)`],
  ])('go: %s', (_, code, expected) => {
    expect(cut(code)).toBe(expected)
  })

  it.each([
    ['in a template literal', `x=\`\n${comment}\n\`;y()`],
    ['in a string', `x="${comment}";\ny("\\\n${comment}")`],
    ['in a block comment', `/*\n${comment}\n*/x()`],
    ['in what is not a classic script', `import "a"\n${comment}\nb()`],
    ['at the end, which is another stage', `x()\n${comment}\n`],
  ])('stay: %s', (_, code) => {
    expect(cut(code)).toBe(code)
  })
})

describe('seal', () => {
  let project: Project
  beforeEach(async () => {
    project = await createProject()
  })
  afterEach(() => project.remove())

  it.each([
    ['the map under its own name', 'a.js.map', 'a.js.map'],
    ['the one that the comment leads to', 'maps/a.map', 'maps/a.map'],
  ])('takes %s, and the comment', async (_, url, file) => {
    const { code, map } = await compile('a')
    await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=${url}\nlater()\n`, [`dist/${file}`]: map })
    expect(await project.seal()).toMatchObject({ scripts: 1, decodable: 1, leaks: [] })
    expect(await project.read('dist/a.js')).not.toContain('sourceMappingURL')
    expect(await project.origin('a.js')).toBe('src/a.ts:2:2')
  })

  it('says so where it cannot take one out of a module', async () => {
    const { code, map } = await compile('a', { format: 'esm' })
    const url = `data:application/json;base64,${Buffer.from(map).toString('base64')}`
    await project.write({ 'dist/a.js': `${code}//# sourceMappingURL=${url}\nlater()\n` })
    expect(await project.seal()).toMatchObject({ leaks: [{ path: 'a.js', kind: 'inline map' }] })
  })
})
