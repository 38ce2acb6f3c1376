import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBundle, uploadBundle } from '../packages/server/test/bundle.ts'
import { runNode } from './support/command.ts'
import { consumer, consumerConfig } from './support/consumer.ts'
import { type Installed, installPackages, npm } from './support/installed.ts'

interface Manifest {
  name: string
  exports: Record<string, string | { default: string; types: string }>
  scripts?: Record<string, string>
}

const require = createRequire(import.meta.url)
const root = join(import.meta.dirname, '..')
const bundlers = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'rsbuild', 'esbuild', 'farm', 'bun']
const destinations = readdirSync(join(root, 'packages/destinations/src'))
  .filter(file => file.endsWith('.ts'))
  .map(file => file.slice(0, -'.ts'.length))
const version: string = require('../packages/mapseal/package.json').version

let installed: Installed
let serverProject: Promise<string>
beforeAll(async () => {
  installed = await installPackages()
  serverProject = installed.withServer()
  await serverProject
}, 900_000)
afterAll(() => installed?.[Symbol.asyncDispose]())

/** Runs a module in the project and gives back what it printed as JSON; a warning would be on stderr. */
async function evaluate(code: string): Promise<unknown> {
  const { stdout, stderr } = await runNode(['--input-type=module', '--eval', code], { cwd: installed.dir })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe('every entry', () => {
  it('is one of the manifest', async () => {
    const { exports } = await manifest('mapseal')
    const others = [
      'log',
      'next',
      'nuxt',
      'astro',
      'runtime',
      ...destinations.map(name => `destinations/${name}`),
      'package.json',
    ]
    const entries = [...bundlers, ...others].map(name => `./${name}`)
    expect(Object.keys(exports).sort()).toEqual(['.', ...entries].sort())
    for (const name of [
      'vite',
      'rollup',
      'rolldown',
      'webpack',
      '@rspack/core',
      '@rsbuild/core',
      'esbuild',
      '@farmfe/core',
      'unplugin',
    ]) {
      await expect(stat(join(installed.dir, 'node_modules', name))).rejects.toThrow('ENOENT')
    }
  })

  it.each(bundlers)('mapseal/%s works by import and require without any bundler', async name => {
    const code = `
      import { createRequire } from 'node:module'
      import plugin from 'mapseal/${name}'
      const required = createRequire(import.meta.url)('mapseal/${name}')
      const instance = required()
      console.log(JSON.stringify([typeof plugin, required === plugin, typeof instance, [instance].flat().length > 0]))`
    expect(await evaluate(code)).toEqual(['function', true, 'object', true])
  })

  it('mapseal/<bundler> is the function in CommonJS too', async () => {
    const names = JSON.stringify(bundlers)
    const code = `console.log(JSON.stringify(${names}.map(name => typeof require('mapseal/' + name))))`
    const { stdout, stderr } = await runNode(['--input-type=commonjs', '--eval', code], { cwd: installed.dir })
    expect([JSON.parse(stdout), stderr]).toEqual([bundlers.map(() => 'function'), ''])
  })

  it.each<[string, string[]]>([
    ['mapseal', ['defineConfig', 'mapseal']],
    ['mapseal/log', ['default', 'module.exports']],
    ['mapseal/next', ['withMapseal']],
    ['mapseal/nuxt', ['default', 'module.exports']],
    ['mapseal/astro', ['default', 'module.exports']],
    ['mapseal/runtime', ['debugIdsOf']],
    ...destinations.flatMap(name => [
      [`mapseal/destinations/${name}`, [name]] as [string, string[]],
      [`@mapseal/destinations/${name}`, [name]] as [string, string[]],
    ]),
    ['@mapseal/cli', ['main']],
  ])('%s exports %j', async (entry, names) => {
    const code = `
      import { createRequire } from 'node:module'
      const imported = await import('${entry}')
      const required = createRequire(import.meta.url)('${entry}')
      const isSame = name => ('module.exports' in imported ? required : required[name]) === imported[name]
      console.log(JSON.stringify([Object.keys(imported), Object.keys(imported).every(isSame)]))`
    expect(await evaluate(code)).toEqual([names, true])
  })

  it('@mapseal/core exports what the source does', async () => {
    const names = await evaluate(`console.log(JSON.stringify(Object.keys(await import('@mapseal/core'))))`)
    expect(names).toEqual(Object.keys(await import('@mapseal/core')).sort())
  })
})

describe('a bucket without the AWS SDK', () => {
  it('says what to install, as a vault and as a destination', async () => {
    const code = `
      import { openVault } from '@mapseal/core'
      import { s3 } from 'mapseal/destinations/s3'
      async function* artifacts() { yield { path: 'a.js', debugId: 'x', code: Buffer.from(''), map: Buffer.from('{}') } }
      const context = { signal: new AbortController().signal }
      const works = [openVault('s3://maps/web', '/').records(), s3({ bucket: 'maps' }).deliver({ id: '1', files: [] }, artifacts(), context)]
      console.log(JSON.stringify((await Promise.allSettled(works)).map(({ reason }) => reason.message)))`
    const advice = 'needs the AWS SDK, which is not installed. Run `npm install --save-dev @aws-sdk/client-s3`.'
    expect(await evaluate(code)).toEqual([
      `[mapseal] [s3] s3://maps/web ${advice}`,
      `[mapseal] [s3] s3://maps ${advice}`,
    ])
  })
})

describe('globs and the second reader', () => {
  it('finds folders by a glob, and says what a deep check needs', async () => {
    const code = `
      import { mkdirSync, writeFileSync } from 'node:fs'
      import { checkFolder, findFolders } from '@mapseal/core/folder'
      mkdirSync('apps/shop/dist', { recursive: true })
      writeFileSync('apps/shop/dist/a.js', 'a()')
      const dirs = await findFolders('check', ['apps/*/dist'], process.cwd())
      const { message } = await checkFolder(dirs[0], { isDeep: true }).catch(cause => cause)
      console.log(JSON.stringify([dirs, message]))`
    expect(await evaluate(code)).toEqual([
      ['apps/shop/dist'],
      "[mapseal] [check] Mozilla's source-map, which reads the maps a second time, is not installed. Run `npm install --save-dev source-map@0.8`.",
    ])
  })
})

describe('the HTTP client', () => {
  it('asks a proxy', async () => {
    const code = `
      import { createServer } from 'node:http'
      import { createFetch } from '@mapseal/core/http'
      const asked = []
      const proxy = createServer((request, response) => {
        asked.push(request.method + ' ' + request.url)
        request.resume().on('end', () => response.end('{"ok":true}'))
      })
      proxy.listen(0, '127.0.0.1', async () => {
        const env = { HTTP_PROXY: 'http://127.0.0.1:' + proxy.address().port }
        const { signal } = new AbortController()
        const client = createFetch({ signal, userAgent: 'test', env, allowInsecure: true })
        const answer = await client.fetch('http://errors.example/api/', { method: 'POST', body: 'x'.repeat(1e6) })
        await client.close()
        proxy.close()
        console.log(JSON.stringify([asked, answer.json()]))
      })`
    expect(await evaluate(code)).toEqual([['POST http://errors.example/api/'], { ok: true }])
  })
})

describe('the command', () => {
  it('runs by npx', async () => {
    expect(await npm(installed.dir, 'exec', '--no', '--', 'mapseal', '--version')).toBe(`${version}\n`)
  })

  it('checks what the installed plugin sealed in a real bundler', async () => {
    await mkdir(join(installed.dir, 'src'))
    await writeFile(join(installed.dir, 'src/main.js'), "throw new Error('from the installed package')\n")
    const build = (plugins: string, outdir: string) => `
      import { build } from ${JSON.stringify(pathToFileURL(require.resolve('esbuild')).href)}
      import mapseal from 'mapseal/esbuild'
      await build({
        entryPoints: ['src/main.js'], bundle: true, minify: true, sourcemap: true, logLevel: 'error', outdir: '${outdir}',
        plugins: ${plugins},
      })
      console.log('null')`
    await evaluate(build('[]', 'plain'))
    await expect(npm(installed.dir, 'exec', '--no', '--', 'mapseal', 'check', 'plain')).rejects.toThrow(
      'Reveals source',
    )

    const quiet = '{ info() {}, warn: console.error, error: console.error }'
    await evaluate(build(`[mapseal({ release: '1.4.0', logger: ${quiet} })]`, 'dist'))
    expect(await readdir(join(installed.dir, 'dist'))).toEqual(['main.js'])
    expect(await npm(installed.dir, 'exec', '--no', '--', 'mapseal', 'check', 'dist')).toContain('no problem')
    const { stderr } = await runNode(['dist/main.js'], { cwd: installed.dir })
    await writeFile(join(installed.dir, 'trace.txt'), stderr)
    const read = await npm(installed.dir, 'exec', '--no', '--', 'mapseal', 'symbolicate', 'trace.txt')
    expect(read).toContain('at src/main.js:1:7')
  })
})

describe.each(['vite5', 'vite6'])('%s, in a project whose config is CommonJS', toolchain => {
  it('loads the plugin and a destination, and builds what decodes', async () => {
    const dir = join(installed.dir, toolchain)
    const vite = join(root, 'test/toolchains', toolchain, 'node_modules/vite')
    await mkdir(join(dir, 'node_modules'), { recursive: true })
    await symlink(vite, join(dir, 'node_modules/vite'))
    await writeFile(join(dir, 'package.json'), '{ "name": "app" }')
    await writeFile(join(dir, 'index.html'), '<script type="module" src="/main.js"></script>')
    await writeFile(join(dir, 'main.js'), "export const main = () => { throw new Error('thrown') }\nmain()\n")
    const config = `
      import mapseal from 'mapseal/vite'
      import { directory } from 'mapseal/destinations/directory'
      import { defineConfig } from 'vite'
      export default defineConfig({
        plugins: [mapseal({ release: '1.0', vault: 'vault', destinations: [directory({ path: 'maps' })] })],
      })`
    await writeFile(join(dir, 'vite.config.js'), config)
    const { code, stdout, stderr } = await runNode([join(vite, 'bin/vite.js'), 'build'], { cwd: dir })
    expect(code, stdout + stderr).toBe(0)
    expect(stderr).toContain('[mapseal] 2 scripts, 2 decodable · release 1.0 · delivered to directory')
    const files = await readdir(join(dir, 'dist/assets'))
    expect(files.filter(file => file.endsWith('.map'))).toEqual([])
  })
})

describe('the server', () => {
  it('runs by npx: uploads, events, the page and symbolication in its threads', async () => {
    const dir = await serverProject
    const server = await serveInstalled(dir)
    try {
      const { url, projects } = server.facts
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      const page = await (await fetch(url)).text()
      for (const [, name] of page.matchAll(/(?:src|href)="(page\/[^"]+|\/page\/[^"]+)"/g)) {
        expect((await fetch(new URL(name as string, url))).status, name).toBe(200)
      }
      expect(page).toMatch(/page\/main\.js/)
      expect(await uploadBundle(url, makeBundle(), { org: 'mapseal', projects: ['app'] })).toMatchObject({
        state: 'ok',
      })
      const frames = [{ debugId: '00000000-0000-4000-8000-000000000001', line: 1, column: 0 }]
      const asked = await fetch(`${url}/api/symbolicate`, { method: 'POST', body: JSON.stringify({ frames }) })
      expect(await asked.json()).toMatchObject({
        frames: [{ kind: 'original', original: { source: 'a.ts', line: 1 } }],
      })
      const { username } = new URL(projects[0]?.dsn ?? '')
      const sent = await fetch(`${url}/api/app/store/?sentry_key=${username}`, {
        method: 'POST',
        body: '{"message":"hello"}',
      })
      expect(sent.status).toBe(200)
    } finally {
      expect(await server.stop()).toBe(0)
    }
  })

  it.each([
    [
      '@mapseal/server',
      ['createKey', 'createLog', 'createServer', 'createToken', 'listKeys', 'listTokens', 'revokeKey', 'revokeToken'],
    ],
    ['@mapseal/server/symbolicate', ['createSymbolicator']],
  ])('%s exports %j', async (entry, names) => {
    const code = `console.log(JSON.stringify(Object.keys(await import('${entry}'))))`
    const { stdout, stderr } = await runNode(['--input-type=module', '--eval', code], { cwd: await serverProject })
    expect([JSON.parse(stdout), stderr]).toEqual([names, ''])
  })
})

describe("Sentry's plugins by their names", () => {
  it.each([
    ['vite', ['sentryVitePlugin', 'sentryCliBinaryExists']],
    ['webpack', ['sentryWebpackPlugin', 'SentryWebpackPlugin', 'sentryCliBinaryExists']],
    ['esbuild', ['sentryEsbuildPlugin', 'sentryCliBinaryExists']],
    ['rollup', ['sentryRollupPlugin', 'sentryCliBinaryExists']],
  ])('@mapseal/sentry-compat/%s has %j by import and require, by default and as the module', async (name, names) => {
    const code = `
      import { createRequire } from 'node:module'
      const imported = await import('@mapseal/sentry-compat/${name}')
      const required = createRequire(import.meta.url)('@mapseal/sentry-compat/${name}')
      const names = ${JSON.stringify(names)}
      console.log(JSON.stringify([
        names.every(name => typeof imported[name] === 'function' && required[name] === imported[name]),
        required === imported.default,
        typeof new required({ disable: true }),
      ]))`
    const { stdout, stderr } = await runNode(['--input-type=module', '--eval', code], { cwd: await serverProject })
    expect([JSON.parse(stdout), stderr]).toEqual([[true, true, 'object'], ''])
  })

  it('annotates with what it brings', async () => {
    const code = `
      import loader from '@mapseal/sentry-compat/webpack/annotate-loader'
      const context = {
        resourcePath: '/app/cart.tsx',
        getOptions: () => ({ ignoredComponents: [] }),
        async: () => (error, code) => console.log(JSON.stringify([error, code])),
      }
      loader.call(context, 'export const Cart = () => <p>{1 as number}</p>')`
    const { stdout, stderr } = await runNode(['--input-type=module', '--eval', code], { cwd: await serverProject })
    const text =
      'export const Cart = () => <p data-sentry-component="Cart" data-sentry-source-file="cart.tsx">{1 as number}</p>'
    expect([JSON.parse(stdout), stderr]).toEqual([[null, text], ''])
  })
})

describe('what is published', () => {
  it('is right by publint', async () => {
    for (const tarball of installed.tarballs) {
      const { buffer, byteOffset, byteLength } = await readFile(tarball)
      const bytes = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
      const { messages } = await publint({ pack: { tarball: bytes }, level: 'suggestion', strict: true })
      expect(messages, basename(tarball)).toEqual([])
    }
  })

  it('has right types by are-the-types-wrong', async () => {
    const attw = join(require.resolve('@arethetypeswrong/cli/package.json'), '../dist/index.js')
    for (const tarball of installed.tarballs) {
      const profile = /^mapseal-(?:\d|sentry-compat)/.test(basename(tarball)) ? 'node16' : 'esm-only'
      const options = ['--profile', profile, '--format', 'json', '--no-definitely-typed']
      const { code, stdout, stderr } = await runNode([attw, tarball, ...options], { cwd: installed.dir })
      expect(code, `${basename(tarball)}: ${stdout}${stderr}`).toBe(0)
    }
  })

  it('types configs of every bundler, for import and require', async () => {
    // The bundlers resolve from here, and `mapseal` resolves to the packed folder.
    await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
    const folder = await mkdtemp(join(import.meta.dirname, '.tmp/types-'))
    try {
      await writeFile(
        join(folder, 'imported.mts'),
        consumer(name => `import ${name} from 'mapseal/${name}'`),
      )
      await writeFile(
        join(folder, 'required.cts'),
        consumer(name => `import ${name} = require('mapseal/${name}')`),
      )
      await writeFile(join(folder, 'tsconfig.json'), consumerConfig)
      const { code, stdout } = await runNode([require.resolve('typescript/bin/tsc')], { cwd: folder })
      expect([stdout, code]).toEqual(['', 0])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('names what is bundled, with its licence', async () => {
    const notice = await readFile(join(installed.dir, 'node_modules/mapseal/dist/THIRD-PARTY.md'), 'utf8')
    expect(notice.match(/^## .*$/gm)).toEqual([expect.stringMatching(/^## unplugin 3\./)])
    expect(notice).toMatch(/^Licence: MIT$/m)
    expect(notice).toMatch(/^> Permission is hereby granted/m)
  })

  it('holds a licence and a README, and neither source maps nor paths of this machine', async () => {
    const dir = await serverProject
    for (const name of [
      '@mapseal/core',
      '@mapseal/destinations',
      '@mapseal/cli',
      'mapseal',
      '@mapseal/server',
      '@mapseal/sentry-compat',
    ]) {
      const folder = join(dir, 'node_modules', name)
      const files = await readdir(folder, { recursive: true, withFileTypes: true })
      expect(files.map(file => file.name)).toEqual(expect.arrayContaining(['LICENSE', 'README.md']))
      for (const file of files.filter(file => file.isFile())) {
        expect(file.name).not.toMatch(/\.map$/)
        expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(join(import.meta.dirname, '..'))
      }
    }
  })
})

describe('what npm i mapseal brings', () => {
  it('is under 3 MB and 15 packages', async () => {
    const packages = (await npm(installed.dir, 'ls', '--all', '--parseable')).trim().split('\n').slice(1)
    const sizes = await Promise.all((await files()).map(async path => (await stat(path)).size))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    const ours = installed.tarballs.filter(path => !basename(path).startsWith('mapseal-server-'))
    const packed = await Promise.all(ours.map(async path => (await stat(path)).size))
    console.log(
      `npm i mapseal: ${packages.length} packages, ${(bytes / 1e6).toFixed(2)} MB in ${sizes.length} files; ` +
        `our tarballs: ${(packed.reduce((sum, size) => sum + size, 0) / 1e3).toFixed(0)} kB`,
    )
    expect(packages.length).toBeLessThan(15)
    expect(bytes).toBeLessThan(3_000_000)
  })

  it('runs no script on install, and holds no native binary', async () => {
    const paths = await files()
    const manifests = paths.filter(path => basename(path) === 'package.json')
    expect(manifests.length).toBeGreaterThanOrEqual(5)
    for (const path of manifests) {
      const { scripts = {} } = JSON.parse(await readFile(path, 'utf8')) as Manifest
      expect(
        Object.keys(scripts).filter(name => /^(?:pre|post)?install$/.test(name)),
        path,
      ).toEqual([])
    }
    expect(paths.filter(path => /\.(?:node|wasm|dll|so|dylib|exe)$|binding\.gyp$/.test(path))).toEqual([])
  })

  async function files(): Promise<string[]> {
    const folder = join(installed.dir, 'node_modules')
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  }
})

interface ServerFacts {
  url: string
  projects: { dsn: string }[]
}

async function serveInstalled(cwd: string): Promise<{ facts: ServerFacts; stop(): Promise<number | null> }> {
  const bin = join(cwd, 'node_modules/mapseal/bin/mapseal.js')
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = text(child.stderr)
  const ended = once(child, 'exit')
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(async () => Promise.reject(new Error(`serve ended: ${await log}`))),
  ])
  return {
    facts: JSON.parse(String(line)) as ServerFacts,
    async stop() {
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
  }
}

async function manifest(name: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(installed.dir, 'node_modules', name, 'package.json'), 'utf8')) as Manifest
}
