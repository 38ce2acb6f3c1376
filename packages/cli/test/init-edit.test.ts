import { describe, expect, test } from 'vitest'
import { bundlers } from '../src/init/bundlers.ts'
import { diffLines } from '../src/init/diff.ts'
import { type Edit, editConfig } from '../src/init/edit.ts'
import { vendors } from '../src/init/vendors.ts'

const sentry = vendors.find(({ name }) => name === 'Sentry')

function edit(bundler: string, path: string, text: string, tracker?: typeof sentry): Edit {
  const found = bundlers.find(({ name }) => name === bundler)
  if (!found) throw new Error(`no bundler ${bundler}`)
  return editConfig(text, path, found, tracker)
}

function changed(...args: Parameters<typeof edit>): string {
  const result = edit(...args)
  if (result.kind !== 'changed') throw new Error(JSON.stringify(result))
  return result.text
}

describe('the plugin is added where the others are', () => {
  test('on the same line', () => {
    expect(
      changed('vite', 'vite.config.ts', "import a from 'a'\n\n// c\nexport default defineConfig({ plugins: [a()] })\n"),
    ).toBe(
      "import a from 'a'\nimport mapseal from 'mapseal/vite'\n\n// c\nexport default defineConfig({ plugins: [a(), mapseal()] })\n",
    )
  })

  test('on a line of its own, behind a comment', () => {
    const text = 'const a = require("a");\nmodule.exports = {\n  plugins: [\n    new a(), // page\n  ],\n};\n'
    expect(changed('webpack', 'webpack.config.js', text)).toBe(
      'const a = require("a");\nconst mapseal = require("mapseal/webpack");\nmodule.exports = {\n  plugins: [\n    new a(), // page\n    mapseal(),\n  ],\n};\n',
    )
  })

  test.each([
    ['of a function', 'export default () => ({ entry: "a" })', '{ entry: "a", plugins: [mapseal()] }'],
    [
      'of a returned variable',
      'export default env => { const c = { x: env }; return c }',
      '{ x: env, plugins: [mapseal()] }',
    ],
    [
      'of a merge',
      'export default merge(common, { mode: "production" })',
      '{ mode: "production", plugins: [mapseal()] }',
    ],
    ['with satisfies', 'export default {} satisfies Configuration', '{ plugins: [mapseal()] }'],
    ['behind a filter', 'export default { plugins: [a && b()].filter(Boolean) }', '[a && b(), mapseal()].filter'],
    ['of a promise', 'export default async () => { return { entry: "a" } }', 'plugins: [mapseal()]'],
  ])('in the object %s', (_, text, part) => {
    expect(changed('webpack', 'webpack.config.ts', text)).toContain(part)
  })

  test('in each of several configs', () => {
    expect(
      changed('webpack', 'webpack.config.mjs', 'export default [{ a: 1 }, { b: 2 }]').match(/mapseal\(\)/g),
    ).toHaveLength(2)
  })

  test('in the call of a script', () => {
    const text = "import { build } from 'esbuild'\n\nawait build({\n  bundle: true\n})\n"
    expect(changed('esbuild', 'build.mjs', text)).toBe(
      "import { build } from 'esbuild'\nimport mapseal from 'mapseal/esbuild'\n\nawait build({\n  bundle: true,\n  plugins: [mapseal()]\n})\n",
    )
  })

  test("with the destination of the project's error tracker", () => {
    expect(changed('vite', 'vite.config.js', 'export default {}', sentry)).toBe(
      "import mapseal from 'mapseal/vite'\nimport { sentry } from 'mapseal/destinations/sentry'\n\nexport default { plugins: [mapseal({ destinations: [sentry()] })] }",
    )
  })
})

describe("a plugin of Sentry's is swapped", () => {
  const options =
    'org: "acme", project: p, telemetry: false, release: { name: v, dist: "7", setCommits: { auto: true } }, sourcemaps: { ignore: ["a"], filesToDeleteAfterUpload: x }, reactComponentAnnotation: {}'
  const text = `import { sentryVitePlugin as s } from "@sentry/vite-plugin";\nexport default { plugins: [isCi && s({ ${options} })] };\n`

  test('with its options', () => {
    expect(changed('vite', 'vite.config.ts', text)).toBe(
      `import mapseal from "mapseal/vite";
import { sentry } from "mapseal/destinations/sentry";
export default { plugins: [isCi && mapseal({
  release: { name: v, dist: "7" },
  destinations: [sentry({ org: "acme", project: p, release: { setCommits: { auto: true } } })],
})] };
`,
    )
  })

  test('and what is left out is named', () => {
    expect(edit('vite', 'vite.config.ts', text)).toMatchObject({
      given: ['org', 'project'],
      notes: [
        '"telemetry" is not needed: Mapseal sends none.',
        '"sourcemaps.ignore" is left out: "exclude" takes globs relative to the output folder.',
        '"sourcemaps.filesToDeleteAfterUpload" is not needed: source maps never get into the output.',
        '"reactComponentAnnotation" is left out. @mapseal/sentry-compat takes it, with the rest of the config.',
      ],
    })
  })

  test('in CommonJS, with the class of version 1', () => {
    const text = "const S = require('@sentry/webpack-plugin')\nmodule.exports = { plugins: [new S({ org: 'a' })] }\n"
    expect(changed('webpack', 'webpack.config.js', text)).toBe(
      "const mapseal = require('mapseal/webpack')\nconst { sentry } = require('mapseal/destinations/sentry')\nmodule.exports = { plugins: [mapseal({ destinations: [sentry({ org: 'a', release: {} })] })] }\n",
    )
  })

  test('but its import stays where something else needs it', () => {
    const text =
      "import * as s from '@sentry/vite-plugin'\nexport const helper = s.other\nexport default { plugins: [s.sentryVitePlugin()] }\n"
    expect(changed('vite', 'vite.config.js', text)).toContain(
      "import * as s from '@sentry/vite-plugin'\nimport mapseal",
    )
  })
})

test.each([
  [
    'vite',
    "import { datadogVitePlugin } from '@datadog/vite-plugin'\nexport default { plugins: [datadogVitePlugin({ auth: { apiKey: 'k', site: 'datadoghq.eu' }, errorTracking: { sourcemaps: { service: 'shop', releaseVersion: version, minifiedPathPrefix: '/static', bailOnError: true } } })] }\n",
    "import { datadog } from 'mapseal/destinations/datadog'",
    "release: version,\n  destinations: [datadog({ apiKey: 'k', site: 'datadoghq.eu', service: 'shop', urls: '/static' })]",
    ['"errorTracking.sourcemaps.bailOnError" is not needed: "onError" says what a failed delivery means.'],
  ],
  [
    'rollup',
    "import posthog from '@posthog/rollup-plugin'\nexport default { plugins: [posthog({ personalApiKey: process.env.KEY, envId: '7', host: 'https://eu.i.posthog.com', sourcemaps: { deleteAfterUpload: true } })] }\n",
    "import { posthog } from 'mapseal/destinations/posthog'",
    "destinations: [posthog({ personalApiKey: process.env.KEY, projectId: '7', url: 'https://eu.i.posthog.com' })]",
    ['"sourcemaps.deleteAfterUpload" is not needed: source maps never get into the output.'],
  ],
  [
    'webpack',
    "const { BugsnagSourceMapUploaderPlugin, BugsnagBuildReporterPlugin } = require('webpack-bugsnag-plugins')\nmodule.exports = { plugins: [new BugsnagBuildReporterPlugin({ apiKey: 'k' }), new BugsnagSourceMapUploaderPlugin({ apiKey: 'k', appVersion: '1', publicPath: 'https://x.example' })] }\n",
    "const { bugsnag } = require('mapseal/destinations/bugsnag')",
    "[new BugsnagBuildReporterPlugin({ apiKey: 'k' }), mapseal({\n  release: '1',\n  destinations: [bugsnag({ apiKey: 'k', urls: 'https://x.example' })],\n})]",
    [],
  ],
  [
    'vite',
    "import rollbar from 'vite-plugin-rollbar'\nexport default { plugins: [rollbar({ accessToken: 'k', version: '1', baseUrl: 'https://x.example', silent: true })] }\n",
    "import { rollbar } from 'mapseal/destinations/rollbar'",
    "release: '1',\n  destinations: [rollbar({ accessToken: 'k', urls: 'https://x.example' })]",
    ['"silent" is not needed: a build prints one line.'],
  ],
  [
    'rollup',
    "import hb from '@honeybadger-io/rollup-plugin'\nexport default { plugins: [hb({ apiKey: 'k', assetsUrl: 'https://x.example', revision: 'main', endpoint: 'https://e' })] }\n",
    "import { honeybadger } from 'mapseal/destinations/honeybadger'",
    "release: 'main',\n  destinations: [honeybadger({ apiKey: 'k', urls: 'https://x.example' })]",
    ['"endpoint" is left out.'],
  ],
])("a vendor's plugin on %s becomes ours, with its options", (bundler, text, imported, call, notes) => {
  const result = edit(bundler, `${bundler}.config.js`, text)
  expect(result).toMatchObject({ kind: 'changed', notes })
  expect(result.kind === 'changed' && result.text).toContain(imported)
  expect(result.kind === 'changed' && result.text).toContain(call)
})

test.each([
  ['export default {', /cannot be parsed/],
  ['export default other()', /no config was found in it/],
  ['export default { plugins: list }', /"plugins" is not a list/],
  [
    "import { sentryVitePlugin } from '@sentry/vite-plugin'\nexport default { plugins: [sentryVitePlugin({ ...x })] }",
    /not written out/,
  ],
])('what cannot be changed is refused: %s', (text, reason) => {
  expect(edit('vite', 'vite.config.js', text)).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) })
})

test('what has the plugin stays as it is', () => {
  expect(edit('vite', 'vite.config.js', "import m from 'mapseal/vite'\nexport default { plugins: [m()] }")).toEqual({
    kind: 'unchanged',
  })
})

test('a change is shown with what is around it', () => {
  expect(diffLines('a\nb\nc\nd\ne\nf', 'a\nb\nc\nx\ne\nf')).toEqual(['  b', '  c', '- d', '+ x', '  e', '  f'])
  expect(diffLines('a', 'a')).toEqual([])
})
