import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { parseAst } from 'rollup/parseAst'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { SentryServer } from '../../../test/support/sentry-server.ts'
import { sdkFlags } from '../src/flags/flags.ts'
import { replaceFlags } from '../src/flags/replace-flags.ts'
import { build, bundlers, reaching, removeProjects, startRecorder } from './build.ts'

/** `bundleSizeOptimizations`, each by its name. */

// Each builds several times, in processes of their own.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

const flags = [
  ['excludeDebugStatements', '__SENTRY_DEBUG__', false],
  ['excludeTracing', '__SENTRY_TRACING__', false],
  ['excludeChannelInjection', '__SENTRY_CHANNEL_INJECTION__', false],
  ['excludeReplayCanvas', '__RRWEB_EXCLUDE_CANVAS__', true],
  ['excludeReplayShadowDom', '__RRWEB_EXCLUDE_SHADOW_DOM__', true],
  ['excludeReplayIframe', '__RRWEB_EXCLUDE_IFRAME__', true],
  ['excludeReplayWorker', '__SENTRY_EXCLUDE_REPLAY_WORKER__', true],
] as const

test.each(flags)('%s: sets %s, and nothing unless it is on', (option, name, value) => {
  expect(sdkFlags({ [option]: true })).toEqual({ [name]: value })
  expect(sdkFlags({ [option]: false })).toEqual({})
})

describe('with a bundler', () => {
  let server: SentryServer
  beforeAll(async () => {
    server = await startRecorder()
  })
  afterEach(removeProjects)
  afterAll(() => server.close())

  test.each(bundlers)('%s: what the constants guard is dropped, and all else stays', async bundler => {
    const guards = flags.map(([, name, value]) => {
      const unset = `typeof ${name} === 'undefined'`
      return value
        ? `if (${unset} || !${name}) out.push('guard of ${name}.')`
        : `if (${unset} || ${name}) out.push('guard of ${name}.')`
    })
    const files = {
      'src/main.js': `const out = []\n${guards.join('\n')}\nout.push('text __SENTRY_DEBUG__ stays')\nglobalThis.mainDone = out.join()\nglobalThis.finished = import('./lazy.js')\n`,
    }
    const options = (on: boolean) =>
      reaching(
        server,
        `bundleSizeOptimizations: ${JSON.stringify(Object.fromEntries(flags.map(([option]) => [option, on])))}`,
      )
    const [off, on] = [
      await build({ bundler, files, options: options(false) }),
      await build({ bundler, files, options: options(true) }),
    ]
    const [before, after] = [off, on].map(built => [...built.files.values()].join(''))
    expect(off.code, off.stderr).toBe(0)
    expect(on.code, on.stderr).toBe(0)
    const isMinified = !['rollup', 'rolldown', 'esbuild'].includes(bundler)
    for (const [, name] of flags) expect(before, name).toContain(`guard of ${name}.`)
    for (const [, name] of flags)
      if (isMinified || bundler === 'rollup') expect(after, name).not.toContain(`guard of ${name}.`)
    expect(after).toContain('text __SENTRY_DEBUG__ stays')
    expect(after).not.toMatch(/typeof __(?:SENTRY|RRWEB)/)
  })
})

describe('replaced in a module', () => {
  const replaced = (code: string) => replaceFlags(code, parseAst(code), { __SENTRY_DEBUG__: false })

  test.each([
    ['if (__SENTRY_DEBUG__) a()', 'if (false) a()'],
    [`typeof __SENTRY_DEBUG__ === 'undefined' || __SENTRY_DEBUG__`, `typeof false === 'undefined' || false`],
    ['x = { __SENTRY_DEBUG__ }', 'x = { __SENTRY_DEBUG__: false }'],
    ['x = { [__SENTRY_DEBUG__]: 1 }', 'x = { [false]: 1 }'],
    ['x[__SENTRY_DEBUG__]', 'x[false]'],
  ])('%s', (code, expected) => {
    expect(replaced(code)?.code).toBe(expected)
  })

  test.each([
    ['"__SENTRY_DEBUG__" // __SENTRY_DEBUG__'],
    ['x.__SENTRY_DEBUG__'],
    ['x = { __SENTRY_DEBUG__: 1 }'],
    ['class A { __SENTRY_DEBUG__() {} }'],
    ['var __SENTRY_DEBUG__ = true; if (__SENTRY_DEBUG__) a()'],
    ['import { __SENTRY_DEBUG__ } from "x"; __SENTRY_DEBUG__'],
    ['function f(__SENTRY_DEBUG__) { return __SENTRY_DEBUG__ }'],
    ['__SENTRY_DEBUG__ = 1'],
    ['__SENTRY_DEBUG__: for (;;) break __SENTRY_DEBUG__'],
  ])('%s is left alone', code => {
    expect(replaced(code)).toBeUndefined()
  })

  test('the map is exact behind a replacement on the same line', () => {
    const code = 'if (__SENTRY_DEBUG__) first(); second()'
    const { code: text, map } = replaced(code) ?? { code: '', map: '' }
    const at = originalPositionFor(new TraceMap(map.toString()), { line: 1, column: text.indexOf('second') })
    expect([at.line, at.column]).toEqual([1, code.indexOf('second')])
  })
})
