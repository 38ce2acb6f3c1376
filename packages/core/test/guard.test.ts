import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withoutAbsoluteSources } from '../src/guard/absolute-sources.ts'
import { createGuard, type SecretsPolicy } from '../src/guard/guard.ts'
import { findSecrets } from '../src/guard/scan.ts'
import { withSourcesContent } from '../src/guard/sources-content.ts'
import type { Artifact } from '../src/types.ts'
import { letters, planted } from './planted-secrets.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'guard-'))
})
afterEach(() => rm(root, { recursive: true }))

const mapOf = (...contents: string[]) =>
  Buffer.from(
    JSON.stringify({
      version: 3,
      sources: contents.map((_, index) => `src/${index}.ts`),
      sourcesContent: contents,
      names: [],
      mappings: 'AAAA',
    }),
  )
const artifactOf = (map: Buffer): Artifact => ({ path: 'app.js', debugId: 'x', code: Buffer.from(''), map })
const guard = (policy: SecretsPolicy) => createGuard(policy, root)

// It looks at every other byte.
test.each(planted)('finds %s, at an even and an odd place', (name, secret) => {
  for (const before of ['', ' ']) {
    const map = mapOf(`${before}export const key = ${JSON.stringify(secret)}\n`)
    const [found, ...others] = findSecrets(map, [])
    expect([found?.name, others]).toEqual([name, []])
  }
})

// It reads words of memory, and passes over mappings.
test.each([0, 1, 2, 3])('finds a secret wherever the map lies in memory: %i bytes into a word', offset => {
  const [[name, secret] = []] = planted
  const json = { version: 3, mappings: 'AAAA', sources: ['a.ts'], sourcesContent: [`${secret}`] }
  for (const space of [undefined, 1]) {
    const text = JSON.stringify(json, undefined, space)
    const map = Buffer.from(new ArrayBuffer(text.length + 8), offset, text.length)
    map.write(text)
    expect(findSecrets(map, []).map(({ name }) => name)).toEqual([name])
  }
})

test('passes over nothing in a text that is not a map', () => {
  const [[, secret] = []] = planted
  expect(findSecrets(Buffer.from(`const map = { "mappings": "${secret}" }`), [], false)).toHaveLength(1)
  expect(findSecrets(mapOf(`const map = { "mappings": "${secret}" }`), [])).toHaveLength(1)
})

test.each([
  `if (text.includes('-----BEGIN ${'PRIVATE'} KEY-----')) parse()`,
  `AKIA${'IOSFODNN7'}EXAMPLE`,
  'npm_config_user_agent',
  `hf_${'word '.repeat(10)}`,
  'sk_live_...',
  'process.env.GITHUB_TOKEN',
])('leaves alone: %s', text => {
  expect(findSecrets(mapOf(text), [])).toEqual([])
})

describe('values of .env files', () => {
  beforeEach(() =>
    writeFile(
      join(root, '.env'),
      'DB_PASSWORD="hunter2-with-\\-and-9"\nVITE_API_TOKEN=public-token-123456\nAPI_TOKEN=short1\nMODE_AUTH=authenticationflow\n',
    ),
  )

  test('that are secret are found, and no others', () => {
    const watch = guard('warn')
    watch.pass(
      artifactOf(mapOf('const p = String.raw`hunter2-with-\\-and-9`', 'public-token-123456 short1 authenticationflow')),
    )
    expect(watch.lines()).toEqual([
      expect.stringMatching(/^\[mapseal\] \[secrets\] src\/0\.ts:1 has the value of DB_PASSWORD\. Take/),
    ])
    expect(watch.lines().join()).not.toContain('hunter2')
  })
})

describe('policies', () => {
  const secret = `ghp_${letters(36)}`
  const map = mapOf('// clean', `// one\n\nexport const token = "${secret}"\n`)

  test('warn names the place, and changes nothing', () => {
    const watch = guard('warn')
    expect(watch.pass(artifactOf(map)).map).toBe(map)
    expect(watch.lines()).toEqual([expect.stringContaining('src/1.ts:3 has a GitHub token. Take it out')])
    expect(watch.lines().join()).not.toContain(secret)
  })

  test('fail fails, without the secret', () => {
    expect(() => guard('fail').pass(artifactOf(map))).toThrow(/src\/1\.ts:3 has a GitHub token\./)
    expect(() => guard('fail').pass(artifactOf(map))).not.toThrow(secret)
  })

  test('redact overwrites it, and every position stays', () => {
    const watch = guard('redact')
    const redacted = Buffer.from(watch.pass(artifactOf(map)).map ?? '')
    expect(redacted.length).toBe(map.length)
    expect(JSON.parse(redacted.toString())).toEqual({
      ...JSON.parse(map.toString()),
      sourcesContent: ['// clean', `// one\n\nexport const token = "${'*'.repeat(secret.length)}"\n`],
    })
    expect(watch.lines()).toEqual([expect.stringContaining('It is overwritten in source maps.')])
  })

  test('redact keeps JSON whole where a key has line ends', () => {
    const key = mapOf(planted[0]?.[1] ?? '', `a = ${JSON.stringify(planted[0]?.[1])}`)
    const redacted = Buffer.from(guard('redact').pass(artifactOf(key)).map ?? '').toString()
    expect(JSON.parse(redacted).sourcesContent.join()).not.toContain(letters(30))
    expect(JSON.parse(redacted).sourcesContent[0].split('\n').length).toBe(4)
  })

  test('ignore looks for nothing', () => {
    const watch = guard('ignore')
    expect(watch.pass(artifactOf(map)).map).toBe(map)
    expect(watch.lines()).toEqual([])
  })
})

describe('absolute paths', () => {
  const named = (...sources: string[]) => {
    const map = Buffer.from(
      JSON.stringify({ version: 3, sources, sourcesContent: ['a "/x" b'], names: [], mappings: '' }),
    )
    const { map: renamed } = withoutAbsoluteSources(artifactOf(map), join(root, 'app/dist'), root, join(root, 'app'))
    return JSON.parse(`${renamed}`).sources
  }

  test('become relative to the script, as far as they are of the workspace', () => {
    const inside = join(root, 'app/src/a.ts')
    expect(named('../src/b.ts', inside, pathToFileURL(inside).href, '/usr/lib/c.js', 'webpack://shop/d.ts')).toEqual([
      '../src/b.ts',
      '../src/a.ts',
      '../src/a.ts',
      'c.js',
      'webpack://shop/d.ts',
    ])
  })

  test('are found in the names of plugins and behind the scheme of a bundler', () => {
    const inside = join(root, 'node_modules/a/a.js')
    expect(named(`\0${inside}?commonjs`, '\0/usr/lib/b.js', `webpack://shop/${inside}`)).toEqual([
      '\0../../node_modules/a/a.js?commonjs',
      '\0b.js',
      'webpack://shop/node_modules/a/a.js',
    ])
  })

  test('are found in the root of sources', () => {
    const map = {
      version: 3,
      sourceRoot: join(root, 'app/src/'),
      sources: ['a.ts', '../b.ts'],
      names: [],
      mappings: '',
    }
    const { map: renamed } = withoutAbsoluteSources(
      artifactOf(Buffer.from(JSON.stringify(map))),
      join(root, 'app/dist'),
      root,
      join(root, 'app'),
    )
    expect(JSON.parse(`${renamed}`)).toMatchObject({ sourceRoot: '', sources: ['../src/a.ts', '../b.ts'] })
  })

  test('stay where the bundler means the project by /', async () => {
    await mkdir(join(root, 'app/src'), { recursive: true })
    await writeFile(join(root, 'app/src/first.js'), '')
    expect(named('/src/first.js', '/src/absent.js')).toEqual(['/src/first.js', 'absent.js'])
  })

  test('where there are none, the bytes stay', () => {
    const names = ['sources', 'sourceRoot']
    const map = Buffer.from(JSON.stringify({ ...JSON.parse(`${mapOf('import "/x"')}`), names }))
    const artifact = artifactOf(map)
    expect(withoutAbsoluteSources(artifact, root, root, root)).toBe(artifact)
  })
})

describe('the text of original files', () => {
  const bare = {
    version: 3,
    sources: ['../src/a.ts', 'webpack://shop/./src/b.ts', '../../../etc/hosts', '\0helper'],
    names: [],
  }
  const policy = (map: object, policy: 'keep' | 'fill' | 'omit') => {
    const artifact = artifactOf(Buffer.from(JSON.stringify({ ...map, mappings: 'AAAA' })))
    const places = { root: join(root, 'app'), workspace: root }
    return JSON.parse(`${withSourcesContent(artifact, policy, join(root, 'app/dist'), places).map}`)
  }

  beforeEach(async () => {
    await mkdir(join(root, 'app/src'), { recursive: true })
    await writeFile(join(root, 'app/src/a.ts'), 'export const ä = 1\n')
    await writeFile(join(root, 'app/src/b.ts'), 'export const b = 1\n')
  })

  test('is filled in where it is missing, from the workspace alone', () => {
    expect(policy(bare, 'fill').sourcesContent).toEqual(['export const ä = 1\n', 'export const b = 1\n', null, null])
    expect(policy({ ...bare, sourcesContent: ['as bundled'] }, 'fill').sourcesContent.slice(0, 2)).toEqual([
      'as bundled',
      'export const b = 1\n',
    ])
    expect(
      policy({ version: 3, sections: [{ offset: {}, map: bare }] }, 'fill').sections[0].map.sourcesContent,
    ).toHaveLength(4)
  })

  test('is left out, in sections too', () => {
    const full = { ...bare, sourcesContent: ['a', 'b', 'c', 'd'] }
    expect(policy(full, 'omit')).toEqual({ ...bare, mappings: 'AAAA' })
    expect(policy({ version: 3, sections: [{ offset: {}, map: full }] }, 'omit').sections).toEqual([
      { offset: {}, map: bare },
    ])
  })

  test('stays byte for byte by default', () => {
    const artifact = artifactOf(Buffer.from('{ "version":3,"sourcesContent" : ["a"] }'))
    expect(withSourcesContent(artifact, 'keep', root, { root, workspace: root })).toBe(artifact)
  })
})
