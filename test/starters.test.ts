import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPackages } from './light/built.ts'
import { mapseal, runNode } from './support/command.ts'

/** `mapseal init` on the starters that `create-vite` makes, and on configs as guides show them, each built for real. */

// Below the package that has what they depend on.
const home = join(import.meta.dirname, 'toolchains/starters')
const require = createRequire(join(home, 'package.json'))

let temp: string
beforeAll(async () => {
  await mkdir(join(home, '.tmp'), { recursive: true })
  temp = await mkdtemp(join(home, '.tmp/starters-'))
  await buildPackages(temp, { '@mapseal/sentry-compat': 'sentry-compat' })
}, 240_000)
afterAll(() => rm(temp, { recursive: true }))

type Files = Record<string, string>

const main = 'document.body.append("built at " + new Date(0).toISOString())\n'
const webpack = (config: Files): Files => ({
  'package.json': '{ "private": true, "devDependencies": { "webpack": "^5.0.0" } }',
  'src/index.js': main,
  ...config,
})

/** By the template of create-vite that they start from, and what is written over it; and what the command then shows. */
interface Starter {
  template?: string
  files?: Files
  /** Where it is run, and what the other paths are relative to. @default the folder itself */
  folder?: string
  config: string
  shows?: string[]
  /** The one that is changed. */
  ignoreFile?: string
  /** Of the output. */
  dist?: string
  /** Source maps that stay in it, so that none is in the vault. @default none */
  maps?: string[]
}

const starters: Record<string, Starter> = {
  'react-ts': { template: 'react-ts', config: 'vite.config.ts' },
  'vue-ts': { template: 'vue-ts', config: 'vite.config.ts' },
  'svelte-ts': { template: 'svelte-ts', config: 'vite.config.ts' },
  vanilla: { template: 'vanilla', config: 'vite.config.js' },
  'webpack in CommonJS': {
    files: webpack({
      'webpack.config.js': `const path = require('path');

module.exports = {
  entry: './src/index.js',
  // Where it goes.
  output: { filename: '[name].[contenthash].js', path: path.resolve(__dirname, 'dist') },
};
`,
    }),
    config: 'webpack.config.js',
  },
  'webpack in ESM': {
    files: webpack({
      'webpack.config.mjs': `import HtmlWebpackPlugin from 'html-webpack-plugin'

export default {
  entry: './src/index.js',
  plugins: [
    new HtmlWebpackPlugin(), // the page
  ],
}
`,
    }),
    config: 'webpack.config.mjs',
  },
  'webpack as a function': {
    files: webpack({
      'webpack.config.js': `module.exports = (env, argv) => {
  const config = { entry: './src/index.js' }
  if (argv.mode === 'production') config.performance = { hints: false }
  return config
}
`,
    }),
    config: 'webpack.config.js',
  },
  'a script of esbuild': {
    files: {
      'package.json':
        '{ "type": "module", "scripts": { "build": "node build.mjs" }, "devDependencies": { "esbuild": "*" } }',
      'src/index.js': main,
      'build.mjs': `import * as esbuild from 'esbuild'

await esbuild.build({
  entryPoints: ['src/index.js'],
  bundle: true,
  minify: true,
  outdir: 'dist',
})
`,
    },
    config: 'build.mjs',
  },
  "Sentry's plugin": {
    template: 'react-ts',
    files: {
      'vite.config.ts': `import { sentryVitePlugin } from '@sentry/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  build: { sourcemap: true },
  plugins: [
    react(),
    // Last, so that it sees the output.
    sentryVitePlugin({
      org: 'acme',
      project: 'shop',
      telemetry: false,
      sourcemaps: { filesToDeleteAfterUpload: ['./dist/**/*.map'] },
    }),
  ],
})
`,
    },
    config: 'vite.config.ts',
    shows: [
      "+       destinations: [sentry({ org: 'acme', project: 'shop', release: {} })],",
      '- "telemetry" is not needed: Mapseal sends none.',
      '- "sourcemaps.filesToDeleteAfterUpload" is not needed: source maps never get into the output.',
      'Set these variables where you build, for example in CI: SENTRY_AUTH_TOKEN\n',
    ],
  },
  "Sentry's plugin with options of its own, in a function": {
    template: 'react-ts',
    files: {
      'vite.config.ts': `import { sentryVitePlugin, type SentryVitePluginOptions } from '@sentry/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv, mergeConfig } from 'vite'

const shared: SentryVitePluginOptions = { org: 'acme', telemetry: false }

export default defineConfig(({ mode }) => {
  const { SHOP_TOKEN } = loadEnv(mode, process.cwd(), 'SHOP_')
  return mergeConfig(
    { build: { sourcemap: 'hidden' } },
    {
      plugins: [
        react(),
        // Not in development.
        mode === 'production' &&
          sentryVitePlugin({
            ...shared,
            project: 'shop',
            authToken: SHOP_TOKEN,
            reactComponentAnnotation: { enabled: true },
            sourcemaps: { filesToDeleteAfterUpload: Promise.resolve(['./dist/**/*.map']) },
          }),
      ],
    },
  )
})
`,
    },
    config: 'vite.config.ts',
    shows: ["+ import { sentryVitePlugin, type SentryVitePluginOptions } from '@mapseal/sentry-compat/vite'"],
  },
  "version 1 of Sentry's plugin for webpack": {
    files: webpack({
      'webpack.config.js': `const SentryWebpackPlugin = require('@sentry/webpack-plugin');

module.exports = {
  entry: './src/index.js',
  devtool: 'hidden-source-map', // For Sentry.
  plugins: [
    new SentryWebpackPlugin({
      org: 'acme',
      project: 'shop',
      include: [{ paths: ['./dist'], urlPrefix: '~/js' }, './src'],
      ignore: ['node_modules'],
      dryRun: true,
    }),
  ],
};
`,
    }),
    config: 'webpack.config.js',
    shows: [
      "+ const SentryWebpackPlugin = require('@mapseal/sentry-compat/webpack');",
      '✓ webpack.config.js: built; the source maps stay in the output, as its settings have it',
      'Set these variables where you build, for example in CI: SENTRY_AUTH_TOKEN\n',
    ],
    maps: ['main.js.map'],
  },
  'webpack by a config that a script names': {
    files: webpack({
      'package.json': `{
  "private": true,
  "scripts": {
    "dev": "webpack serve --config config/webpack.dev.js",
    "build": "NODE_ENV=production webpack --config=./config/webpack.prod.js"
  },
  "devDependencies": { "webpack": "^5.0.0" }
}
`,
      'config/webpack.common.js': `module.exports = { entry: './src/index.js', plugins: [] }
`,
      'config/webpack.dev.js': `module.exports = require('./webpack.common.js')
`,
      'config/webpack.prod.js': `const { merge } = require('webpack-merge')
const common = require('./webpack.common.js')

const production = {
  performance: { hints: false }, // Quiet.
}
production.plugins = []

module.exports = merge(common, production)
`,
    }),
    config: 'config/webpack.prod.js',
  },
  'a script of esbuild in TypeScript': {
    files: {
      'package.json':
        '{ "type": "module", "scripts": { "watch": "tsx build.ts --watch", "build": "tsx build.ts" }, "devDependencies": { "esbuild": "*" } }',
      'src/index.ts': `const text: string = 'built'\ndocument.body.append(text)\n`,
      'build.ts': `import { type BuildOptions, build as bundle } from 'esbuild'

const options: BuildOptions = { entryPoints: ['src/index.ts'], bundle: true, outdir: 'dist' }
await bundle({ ...options, minify: true })
`,
    },
    config: 'build.ts',
  },
  'an app in a workspace': {
    files: {
      'package.json': '{ "private": true, "workspaces": ["apps/*"] }',
      'apps/web/package.json': '{ "name": "web", "private": true, "devDependencies": { "vite": "*" } }',
      'apps/web/index.html': '<script type="module" src="/main.js"></script>',
      'apps/web/main.js': main,
    },
    folder: 'apps/web',
    config: 'apps/web/vite.config.mjs',
    ignoreFile: '.gitignore',
  },
  'Next.js': {
    files: {
      'package.json': '{ "private": true, "dependencies": { "next": "*", "react": "*", "react-dom": "*" } }',
      'app/layout.jsx': 'export default ({ children }) => <html><body>{children}</body></html>\n',
      'app/page.jsx': "'use client'\nexport default () => <button onClick={() => alert('hello')}>hello</button>\n",
      'next.config.mjs': `/** @type {import('next').NextConfig} */
const nextConfig = {
  reactStrictMode: true, // As it is by default.
}

export default nextConfig
`,
    },
    config: 'next.config.mjs',
    dist: '.next/static',
  },
}

async function start(name: string): Promise<string> {
  const { template, files = {} } = starters[name] ?? {}
  const folder = name.replaceAll(/\W+/g, '-')
  const dir = join(temp, folder)
  if (template) {
    const create = join(dirname(require.resolve('create-vite/package.json')), 'index.js')
    const made = await runNode([create, folder, '--template', template, '--no-interactive'], { cwd: temp })
    expect(made.code, made.stdout + made.stderr).toBe(0)
  }
  // As installed: the vault is beside the lock file.
  for (const [path, text] of Object.entries({ 'package-lock.json': '{ "lockfileVersion": 3 }', ...files })) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return dir
}

const env = { CI: 'false', SENTRY_AUTH_TOKEN: '', MAPSEAL_RELEASE: '1.0.0', NODE_OPTIONS: '' }
const init = (dir: string, ...args: string[]) => mapseal(['init', ...args], { cwd: dir, env })

async function sources(dir: string): Promise<Files> {
  const paths = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .filter(path => !/(?:^|\/)(?:dist|\.next|\.mapseal|node_modules)\//.test(path))
  return Object.fromEntries(
    await Promise.all(paths.map(async path => [path, await readFile(join(dir, path), 'latin1')])),
  )
}

describe.each(Object.keys(starters))('%s', name => {
  test('builds after init, its scripts decode, and a second run changes nothing', async () => {
    const dir = await start(name)
    const {
      config = '',
      shows = [],
      folder = '',
      ignoreFile = '.gitignore',
      dist = 'dist',
      maps,
    } = starters[name] ?? {}
    const project = join(dir, folder)
    const before = await sources(dir)
    const shown = await init(project, '--dry-run')
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('mapseal') })
    expect(await sources(dir)).toEqual(before)

    const { code, stdout, stderr } = await init(project, '--yes')
    expect(code, stdout + stderr).toBe(0)
    const [, decodable, scripts] = /✓ \S+: built, (\d+) of (\d+) scripts can be decoded/.exec(stdout) ?? []
    if (!maps) expect(Number(scripts), stdout).toBeGreaterThan(0)
    if (dist === 'dist') expect(decodable).toBe(scripts)
    for (const line of shows) expect(stdout).toContain(line)
    expect((await readdir(join(project, dist), { recursive: true })).filter(path => path.endsWith('.map'))).toEqual(
      maps ?? [],
    )

    const after = await sources(dir)
    expect(
      Object.keys(after)
        .filter(path => after[path] !== before[path])
        .sort(),
    ).toEqual([ignoreFile, config].sort())
    for (const comment of before[config]?.match(/\/\/ .*/g) ?? []) expect(after[config]).toContain(comment)
    expect(after[ignoreFile]).toMatch(/^\.mapseal\/$/m)
    const again = await init(project, '--yes')
    expect(again).toMatchObject({ code: 0, stdout: 'Nothing is to be changed.\n' })
    expect(await sources(dir)).toEqual(after)
  }, 600_000)
})

describe('without a word from a person', () => {
  test('nothing is changed where there is no terminal', async () => {
    const dir = await start('a script of esbuild')
    const before = await sources(dir)
    const { code, stdout } = await init(dir)
    expect(code).toBe(1)
    expect(stdout).toContain('Nothing was changed. Run "mapseal init --yes" to make these changes.')
    expect(await sources(dir)).toEqual(before)
  }, 60_000)

  test('a folder without a bundler is refused', async () => {
    const dir = join(temp, 'empty')
    await mkdir(dir)
    expect(await init(dir)).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no package.json in') })
    await copyFile(join(home, '../oldest/package.json'), join(dir, 'package.json'))
    expect(await init(dir)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No config of a bundler was found'),
    })
  }, 60_000)
})
