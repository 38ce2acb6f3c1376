import { describe, expect, test } from 'vitest'
import { bundlers, frameworks } from '../src/init/bundlers.ts'
import { diffLines } from '../src/init/diff.ts'
import { type Edit, editConfig } from '../src/init/edit.ts'
import { vendors } from '../src/init/vendors.ts'

const sentry = vendors.find(({ name }) => name === 'Sentry')

function edit(bundler: string, path: string, text: string, tracker?: typeof sentry): Edit {
  const found = [...frameworks, ...bundlers].find(({ name }) => name === bundler)
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
    ['by export specifier', 'const c = { x: 1 }; export { c as default }', '{ x: 1, plugins: [mapseal()] }'],
    ['by export =', 'const c = { x: 1 }; export = c', '{ x: 1, plugins: [mapseal()] }'],
    ['with a list in a variable', 'const list = [a()]; export default { plugins: list }', 'list = [a(), mapseal()]'],
    [
      'with a shorthand',
      'const plugins = [a()]; export default { plugins }',
      '[a(), mapseal()]; export default { plugins }',
    ],
    ['with two lists', 'export default { plugins: x ? [a()] : [b()] }', 'x ? [a(), mapseal()] : [b(), mapseal()]'],
    ['with a list of a call', 'export default { plugins: list() }', 'plugins: [...list(), mapseal()]'],
    [
      'with an imported list',
      'import { plugins } from "./p"; export default { plugins }',
      'plugins: [...plugins, mapseal()]',
    ],
    ['with a list set later', 'const c = {}; c.plugins = [a()]; module.exports = c', 'c.plugins = [a(), mapseal()]'],
    [
      'with a list in what it spreads',
      'const s = { plugins: [a()] }; export default { ...s }',
      's = { plugins: [a(), mapseal()] }',
    ],
    [
      'that spreads an import',
      'import b from "./b"; export default { ...b }',
      'plugins: [...(b.plugins ?? []), mapseal()]',
    ],
  ])('in the object %s', (_, text, part) => {
    expect(changed('webpack', 'webpack.config.ts', text)).toContain(part)
  })

  test('in each of several configs', () => {
    expect(
      changed('webpack', 'webpack.config.mjs', 'export default [{ a: 1 }, { b: 2 }]').match(/mapseal\(\)/g),
    ).toHaveLength(2)
  })

  test('once where two configs share a list', () => {
    const text = 'const list = [a()]\nexport default [{ x: 1, plugins: list }, { x: 2, plugins: list }]'
    expect(changed('webpack', 'webpack.config.mjs', text).match(/mapseal\(\)/g)).toHaveLength(1)
  })

  test('as a list in the list, where a bundler takes that', () => {
    expect(changed('vite', 'vite.config.js', 'export default { plugins: load() }')).toContain('[load(), mapseal()]')
  })

  test.each([
    ["import { build as run } from 'esbuild'\nawait run({ bundle: true })"],
    ["require('esbuild').build({ bundle: true }).catch(fail)"],
    ["const ctx = await (await import('esbuild')).context({ bundle: true })"],
    ["import * as es from 'esbuild'\nconst o = { bundle: true }\nawait es.build({ ...o })\nawait es.context(o)"],
  ])('in the call of a script, by whatever name: %s', text => {
    expect(changed('esbuild', 'build.mjs', text).match(/bundle: true, plugins: \[mapseal\(\)\]/g)).toHaveLength(1)
    expect(changed('esbuild', 'build.mjs', text).match(/mapseal\(\)/g)).toHaveLength(1)
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

describe('a framework', () => {
  test('Next.js: around what is exported last, with the options of withSentryConfig', () => {
    const text = `const { withSentryConfig } = require('@sentry/nextjs')
module.exports = {}
module.exports = withSentryConfig(module.exports, { org: 'acme', project: p, sentryUrl: u, silent: true }, { hideSourceMaps: true })
`
    expect(changed('next', 'next.config.js', text, sentry)).toBe(`const { withSentryConfig } = require('@sentry/nextjs')
const { withMapseal } = require('mapseal/next')
const { sentry } = require('mapseal/destinations/sentry')
module.exports = {}
module.exports = withMapseal(withSentryConfig(module.exports, { org: 'acme', project: p, sentryUrl: u, silent: true }, { hideSourceMaps: true }), { destinations: [sentry({ org: 'acme', project: p, url: u })] })
`)
  })

  test('Next.js: with the name of the release', () => {
    const text = 'export default withSentryConfig({}, { org, release: { name: version } })\n'
    expect(changed('next', 'next.config.mjs', text, sentry)).toContain(
      '{ release: version, destinations: [sentry({ org })] })',
    )
  })

  test('Next.js: around a function', () => {
    expect(changed('next', 'next.config.mjs', 'export default async function config() { return {} }\n')).toBe(
      "import { withMapseal } from 'mapseal/next'\n\nexport default withMapseal(async function config() { return {} })\n",
    )
  })

  test('Nuxt: among the modules, by name', () => {
    expect(changed('nuxt', 'nuxt.config.ts', 'export default defineNuxtConfig({ ssr: true })\n')).toBe(
      "export default defineNuxtConfig({ ssr: true, modules: ['mapseal/nuxt'] })\n",
    )
    const text = "export default defineNuxtConfig({ modules: ['@nuxt/ui'] })\n"
    const result = changed('nuxt', 'nuxt.config.ts', text, sentry)
    expect(result).toContain("modules: ['@nuxt/ui', ['mapseal/nuxt', { destinations: [sentry()] }]]")
    expect(edit('nuxt', 'nuxt.config.ts', result, sentry)).toEqual({ kind: 'unchanged' })
  })

  test('Astro: among the integrations, beside one that has the name of the destination', () => {
    const text = "import sentry from '@sentry/astro'\nexport default { integrations: [sentry()] }\n"
    expect(changed('astro', 'astro.config.mjs', text, sentry)).toBe(
      "import sentry from '@sentry/astro'\nimport mapseal from 'mapseal/astro'\nimport { sentry as sentryDestination } from 'mapseal/destinations/sentry'\nexport default { integrations: [sentry(), mapseal({ destinations: [sentryDestination()] })] }\n",
    )
  })
})

describe("a plugin of Sentry's is swapped", () => {
  const options =
    'org: "acme", project: p, telemetry: false, disable: mode !== "production", errorHandler: fail, release: { name: v, dist: "7", setCommits: { auto: true }, deploy: { env: e } }, sourcemaps: { ignore: ["node_modules"], assets: "./dist/**", filesToDeleteAfterUpload: ["dist/**/*.map"] }'
  const text = `import { sentryVitePlugin as s } from "@sentry/vite-plugin";\nexport default { plugins: [isCi && s({ ${options} })] };\n`

  test('with its options', () => {
    expect(changed('vite', 'vite.config.ts', text)).toBe(
      `import mapseal from "mapseal/vite";
import { sentry } from "mapseal/destinations/sentry";
export default { plugins: [isCi && mapseal({
  release: { name: v, dist: "7" },
  enabled: mode === "production",
  onError: fail,
  destinations: [sentry({ org: "acme", project: p, release: { setCommits: { auto: true }, deploy: { environment: e } } })],
})] };
`,
    )
  })

  test('and what is not needed is named', () => {
    expect(edit('vite', 'vite.config.ts', text)).toMatchObject({
      given: ['org', 'project'],
      needed: 'mapseal',
      notes: [
        '"telemetry" is not needed: Mapseal sends none.',
        '"sourcemaps.ignore" is not needed: no packages are in the output.',
        '"sourcemaps.assets" is not needed: all scripts of the output are sealed.',
        '"sourcemaps.filesToDeleteAfterUpload" is not needed: source maps never get into the output.',
      ],
    })
  })

  test.each([
    ['an option of its own', 'sentryVitePlugin({ bundleSizeOptimizations: { excludeTracing: true } })'],
    ['a function that names sources', 'sentryVitePlugin({ sourcemaps: { rewriteSources: rename } })'],
    [
      'files that are no source maps',
      'sentryVitePlugin({ sourcemaps: { filesToDeleteAfterUpload: ["dist/stats.json"] } })',
    ],
    ['options in a variable', 'sentryVitePlugin(options)'],
    ['options that are spread', 'sentryVitePlugin({ ...options, telemetry: false })'],
    ['an option in a variable', 'sentryVitePlugin({ release, org: "acme" })'],
    ['a method', 'sentryVitePlugin({ errorHandler(error) { report(error) } })'],
    ['the plugin in a variable', '[sentryVitePlugin].map(make => make({ org: "acme" }))'],
  ])('by that of @mapseal/sentry-compat, as it is, for %s', (_, call) => {
    const text = `import { sentryVitePlugin } from "@sentry/vite-plugin"\nexport default { plugins: [${call}] }\n`
    expect(edit('vite', 'vite.config.ts', text)).toMatchObject({
      kind: 'changed',
      needed: '@mapseal/sentry-compat',
      text: text.replace('@sentry/vite-plugin', '@mapseal/sentry-compat/vite'),
    })
  })

  test.each([
    [
      'types',
      'import type { SentryVitePluginOptions } from "@sentry/vite-plugin"\nconst o: SentryVitePluginOptions = {}\n',
    ],
    ['what it looks for', 'import { sentryCliBinaryExists } from "@sentry/vite-plugin"\nsentryCliBinaryExists()\n'],
  ])('with %s beside it', (_, before) => {
    const text = `${before}import { sentryVitePlugin } from "@sentry/vite-plugin"\nexport default { plugins: [sentryVitePlugin()] }\n`
    expect(changed('vite', 'vite.config.ts', text)).toBe(
      text.replaceAll('@sentry/vite-plugin', '@mapseal/sentry-compat/vite'),
    )
  })

  test('where it is required in place', () => {
    const text =
      "module.exports = { plugins: [...(x ? [require('@sentry/webpack-plugin').sentryWebpackPlugin({})] : [])] }\n"
    const result = changed('webpack', 'webpack.config.js', text)
    expect(result).toBe(text.replace('@sentry/webpack-plugin', '@mapseal/sentry-compat/webpack'))
    expect(edit('webpack', 'webpack.config.js', result)).toEqual({ kind: 'unchanged' })
  })

  test('for the bundler whose plugins it is among', () => {
    const text =
      "import { sentryWebpackPlugin } from '@sentry/webpack-plugin'\nexport default { tools: { rspack: { plugins: [sentryWebpackPlugin()] } } }\n"
    expect(changed('rsbuild', 'rsbuild.config.ts', text)).toContain("import mapseal from 'mapseal/rspack'")
  })

  test('and what is declared beside it stays', () => {
    const text =
      "const path = require('path'), { sentryWebpackPlugin } = require('@sentry/webpack-plugin')\nmodule.exports = { plugins: [sentryWebpackPlugin()] }\n"
    expect(changed('webpack', 'webpack.config.js', text)).toContain("const path = require('path'), ")
  })

  test('of version 1, whose include names what is uploaded, by that of @mapseal/sentry-compat', () => {
    const text =
      "const S = require('@sentry/webpack-plugin')\nmodule.exports = { plugins: [new S({ include: [{ paths: ['a'] }, 'b'] })] }\n"
    expect(changed('webpack', 'webpack.config.js', text)).toContain("require('@mapseal/sentry-compat/webpack')")
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
  ['export default { plugins: x && [] }', /"plugins" is not a list/],
  ['export default { ...shared() }', /\.\.\.shared\(\) may have "plugins"/],
  ["import rollbar from 'vite-plugin-rollbar'\nexport default { plugins: [rollbar({ ...x })] }", /not written out/],
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
