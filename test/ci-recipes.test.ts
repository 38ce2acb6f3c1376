import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openVault } from '@mapseal/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runProgram } from './support/command.ts'
import { type SentryServer, startSentry } from './support/sentry-server.ts'

/** The recipes of docs/ci.md: the commands of each run in a shell, as the CI or the host would run them. */

const root = join(import.meta.dirname, '..')
const guide = await readFile(join(root, 'docs/ci.md'), 'utf8')
const token = 'sntryu_of-this-build'
const commit = '0123456789abcdef0123456789abcdef01234567'

// npm and the command start several times in each.
vi.setConfig({ testTimeout: 600_000 })

let server: SentryServer
let home: string
let project: string
beforeEach(async () => {
  server = await startSentry()
  // Not below the repository, whose git would name the release.
  home = await mkdtemp(join(tmpdir(), 'ci-'))
  project = join(home, 'project')
  await installMapseal(home)
  await mkdir(join(project, 'src'), { recursive: true })
  await writeProject(project)
})
afterEach(async () => {
  await server.close()
  await rm(home, { recursive: true })
})

/** Above the project: `npm ci` empties the project's own `node_modules`. */
async function installMapseal(dir: string): Promise<void> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const program = join(root, 'packages/mapseal/bin/mapseal.js')
  const bin = join(dir, 'node_modules/.bin/mapseal')
  await mkdir(join(bin, '..'), { recursive: true })
  await writeFile(bin, `#!/bin/sh\nexec "${process.execPath}" -C mapseal-source --import ${loader} "${program}" "$@"\n`)
  await chmod(bin, 0o755)
  await symlink(join(root, 'packages/mapseal'), join(dir, 'node_modules/mapseal'))
}

async function writeProject(dir: string): Promise<void> {
  const rollup = join(root, 'node_modules/rollup/dist/bin/rollup')
  const build = `node "${rollup}" src/main.js --dir dist --sourcemap`
  const manifest = { name: 'shop', version: '1.0.0', private: true, scripts: { build } }
  const { scripts, ...locked } = manifest
  const lock = { ...locked, lockfileVersion: 3, requires: true, packages: { '': locked } }
  await writeFile(join(dir, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(dir, 'package-lock.json'), JSON.stringify(lock))
  await writeFile(join(dir, 'src/main.js'), "console.log('shop')\n")
  await writeFile(
    join(dir, 'mapseal.config.mjs'),
    `import { sentry } from 'mapseal/destinations/sentry'
export default {
  deliver: process.env.DELIVER,
  destinations: [sentry({ org: 'acme', project: 'web', url: '${server.url}' })],
}
`,
  )
}

/** The code blocks of a section of the guide. */
function blocks(heading: string): string[] {
  const section = guide.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const found = [...section.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code = '']) => code)
  expect(found, `docs/ci.md has a recipe for ${heading}`).not.toEqual([])
  return found
}

/** Runs lines as a step of a job: the first that fails ends it. */
async function runStep(lines: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const clean = { MAPSEAL_BUILD: undefined, MAPSEAL_VAULT: undefined, MAPSEAL_RELEASE: undefined }
  const { code, stdout, stderr } = await runProgram('bash', ['-eo', 'pipefail', '-c', lines], {
    cwd: project,
    env: { CI: 'true', npm_config_offline: 'true', ...clean, ...env },
  })
  expect(code, stdout + stderr).toBe(0)
  expect(stdout + stderr).not.toContain(token)
  return stdout + stderr
}

async function expectSealed(vault: string, release?: string): Promise<void> {
  expect(await readdir(join(project, 'dist'))).toEqual(['main.js'])
  const records = await openVault(vault, project).records()
  expect(records).toHaveLength(1)
  expect(JSON.stringify(records)).not.toContain(token)
  if (release !== undefined) expect(records[0]?.release?.name).toBe(release)
}

const withToken = { SENTRY_AUTH_TOKEN: token }

describe('GitHub Actions', () => {
  const inputs = { command: 'npm run build', check: 'dist', vault: '.mapseal', 'working-directory': '.' }

  /** The steps of `action.yml` that are commands, each with its variables, for a recipe's inputs. */
  async function actionSteps(): Promise<{ run: string; env: NodeJS.ProcessEnv }[]> {
    const action = await readFile(join(root, 'action.yml'), 'utf8')
    const expand = (text: string) =>
      text
        .replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: keyof typeof inputs) => inputs[name])
        .replaceAll(/\$\{\{ github\.\w+ \}\}/g, '7')
    return action.split(/^ {4}- /m).flatMap(step => {
      const run = /^ {6}run: (.*)$/m.exec(step)?.[1]
      const variables = [...step.matchAll(/^ {8}([A-Z_]+): (.*)$/gm)].map(([, name = '', value = '']) => [
        name,
        expand(value),
      ])
      return run === undefined ? [] : [{ run, env: Object.fromEntries(variables) }]
    })
  }

  test('the action builds, seals, delivers and checks', async () => {
    const [recipe = ''] = blocks('GitHub Actions')
    expect(recipe).toContain(`command: ${inputs.command}`)
    expect(recipe).toContain(`check: ${inputs.check}`)
    await runStep('npm ci')
    for (const { run, env } of await actionSteps()) await runStep(run, { GITHUB_SHA: commit, ...withToken, ...env })
    await expectSealed('.mapseal', commit)
    expect(server.bundles.size).toBe(1)
  })

  test('a later job delivers what the build left', async () => {
    const [, recipe = ''] = blocks('GitHub Actions')
    for (const { run, env } of await actionSteps()) await runStep(run, { DELIVER: 'later', ...env })
    expect(server.bundles.size).toBe(0)
    const commands = [...recipe.matchAll(/^ {4}- run: (.*)$/gm)].map(([, command]) => command)
    expect(commands).toEqual(['npm ci', 'npx mapseal flush'])
    await runStep(commands.join('\n'), withToken)
    expect(server.bundles.size).toBe(1)
  })
})

describe('GitLab', () => {
  const scripts = () =>
    blocks('GitLab')
      .join('')
      .split(/^ {2}script:$/m)
      .slice(1)
      .map(job => [...job.matchAll(/^ {4}- (.*)$/gm)].map(([, command]) => command).join('\n'))

  test.each([
    ['the build delivers, and the later job has nothing left', {}, [1, 1]],
    ['the later job delivers what the build left', { DELIVER: 'later' }, [0, 1]],
  ])('%s', async (_, env, [built, flushed]) => {
    const [build = '', flush = ''] = scripts()
    await runStep(build, { CI_COMMIT_SHA: commit, ...withToken, ...env })
    await expectSealed('.mapseal', commit)
    expect(server.bundles.size).toBe(built)
    await runStep(flush, withToken)
    expect(server.bundles.size).toBe(flushed)
  })
})

describe('Docker', () => {
  /** The commands of the first stage, with its variables; mounts are Docker's own. */
  function stage(vault: string): { run: string[]; env: NodeJS.ProcessEnv } {
    const [dockerfile = ''] = blocks('Docker')
    const [build = ''] = dockerfile.replaceAll('\\\n', ' ').split(/^FROM (?!.* AS build)/m)
    const run = [...build.matchAll(/^RUN (?:\s*--mount=\S+)*\s*(.*)$/gm)].map(([, command = '']) =>
      command.replaceAll('/vault', vault),
    )
    return { run, env: { MAPSEAL_RELEASE: '1.4.0' } }
  }

  test('without .git, with the token in one step: what the image gets is sealed', async () => {
    const vault = join(home, 'vault')
    const { run, env } = stage(vault)
    expect(run).toHaveLength(2)
    await runStep(run[0] as string, env)
    await runStep(run[1] as string, { ...env, ...withToken })
    await expectSealed(vault, '1.4.0')
    expect(server.bundles.size).toBe(1)
    const image = join(home, 'image')
    await cp(join(project, 'dist'), image, { recursive: true })
    expect(await readdir(image)).toEqual(['main.js'])
    expect(await readFile(join(image, 'main.js'), 'utf8')).not.toContain(token)
  })
})

describe('hosts', () => {
  const command = () => blocks('Vercel, Netlify, Cloudflare Pages').join('\n')

  test.each([
    ['Vercel', { VERCEL: '1', VERCEL_GIT_COMMIT_SHA: commit }, 'node_modules/.cache/mapseal'],
    ['Netlify', { NETLIFY: 'true', COMMIT_REF: commit }, '.mapseal'],
    ['Cloudflare Pages', { CF_PAGES: '1', CF_PAGES_COMMIT_SHA: commit }, '.mapseal'],
  ])('%s: the release is the commit that it names', async (_, env, vault) => {
    await runStep(command(), { ...env, ...withToken, MAPSEAL_VAULT: vault })
    await expectSealed(vault, commit)
    expect(server.bundles.size).toBe(1)
  })

  test('the vault that Vercel keeps is the one of the guide', () => {
    expect(guide).toContain('`MAPSEAL_VAULT=node_modules/.cache/mapseal`')
  })
})
