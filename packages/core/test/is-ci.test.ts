import { createRequire } from 'node:module'
import vendors from 'ci-info/vendors.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { isCI } from '../src/build/is-ci.ts'

const require = createRequire(import.meta.url)
const shared = 'BUILD_ID BUILD_NUMBER CI CI_APP_ID CI_BUILD_ID CI_BUILD_NUMBER CI_NAME CONTINUOUS_INTEGRATION RUN_ID'

/** The package's own verdict, which it reaches when it is loaded. */
function byPackage(env: NodeJS.ProcessEnv): boolean {
  const before = process.env
  delete require.cache[require.resolve('ci-info')]
  process.env = env
  try {
    return require('ci-info').isCI
  } finally {
    process.env = before
  }
}

/** An environment that meets a vendor's rules, by the alternative `pick`. */
function envOf({ env }: (typeof vendors)[number], pick: number): Record<string, string> {
  const rules: unknown[] = Array.isArray(env) ? env : [env]
  const pairs = rules.map(rule => {
    if (typeof rule === 'string') return { [rule]: 'x' }
    const { any, env, includes } = rule as { any?: string[]; env?: string; includes?: string }
    if (any) return { [any[pick % any.length] as string]: 'x' }
    return includes === undefined ? (rule as Record<string, string>) : { [env as string]: `/${includes}/` }
  })
  return Object.assign({}, ...pairs)
}

test.each(vendors)('$name is found, and not by half of its variables', vendor => {
  for (const env of [envOf(vendor, 0), envOf(vendor, 1)]) {
    expect([isCI(env), byPackage(env)]).toEqual([true, true])
    expect(isCI({ ...env, CI: 'false' })).toBe(false)
    for (const left of Object.keys(env)) {
      const rest = { ...env, [left]: '' }
      expect([rest, isCI(rest)]).toEqual([rest, byPackage(rest)])
    }
  }
})

test.each(shared.split(' '))('%s alone is enough', name => {
  expect([isCI({ [name]: '1' }), byPackage({ [name]: '1' })]).toEqual([true, true])
})

test('blank variables do not mean CI, nor do those of a developer', () => {
  expect(isCI({ TF_BUILD: ' ', JENKINS_URL: '', CI: ' ' })).toBe(false)
  expect(isCI({ HOME: '/home/me', NODE: '/usr/bin/node', npm_lifecycle_event: 'build' })).toBe(false)
  expect(isCI({ GITHUB_ACTIONS: 'true', CI: '0' })).toBe(false)
})
