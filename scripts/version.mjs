// Sets the version of all packages: `npm run release -- <version> [--pack <folder>]`. Commits and publishes nothing.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { packPackages } from './pack.mjs'
import { publishedPackages, ROOT, readJson } from './packages.mjs'

const USAGE = 'Usage: npm run release -- <version> [--pack <folder>]'
const CONSTANT = 'packages/core/src/version.ts'
const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
const REPOSITORY = 'https://github.com/mapseal/mapseal'

// As semver.org defines it.
const identifier = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)'
const number = '(?:0|[1-9]\\d*)'
const semver = new RegExp(`^${number}\\.${number}\\.${number}(?:-${identifier}(?:\\.${identifier})*)?$`)

try {
  release(readArguments())
} catch (cause) {
  console.error(cause.message)
  process.exitCode = 1
}

function readArguments() {
  const { values, positionals } = parseArgs({ options: { pack: { type: 'string' } }, allowPositionals: true })
  const [version, ...rest] = positionals
  if (version === undefined || rest.length > 0) throw new Error(USAGE)
  return { version, pack: values.pack }
}

function release({ version, pack }) {
  if (!semver.test(version)) throw new Error(`"${version}" is not a semantic version such as 1.2.3 or 2.0.0-beta.1.`)
  const packages = publishedPackages()
  const [{ version: previous }] = packages
  if (version === previous) throw new Error(`The version is ${version} already.`)
  const changes = git('status', '--porcelain')
  if (changes) throw new Error(`The working tree has changes. Commit or stash them first:\n${changes}`)

  const changelog = titleChanges(read('CHANGELOG.md'), version, previous)
  const manifests = git('ls-files', 'package.json', '*/package.json').trim().split('\n')
  const names = new Set(packages.map(({ name }) => name))
  for (const path of manifests) {
    const manifest = readJson(path)
    if (setVersion(manifest, names, version)) writeJson(path, manifest)
  }
  const lock = readJson('package-lock.json')
  for (const path of manifests) {
    const dir = dirname(path)
    // The lock file leaves out the name where it is the folder's.
    const entry = lock.packages[dir === '.' ? '' : dir]
    if (entry) setVersion(entry, names, version, readJson(path).name)
  }
  writeJson('package-lock.json', lock)
  write(CONSTANT, read(CONSTANT).replace(`'${previous}'`, `'${version}'`))
  write('CHANGELOG.md', changelog)
  console.log(`${previous} → ${version}. Review the changes, commit them and tag the commit v${version}.`)
  if (pack) packPackages(pack)
}

/** @returns whether anything in the manifest changed: its own version, or that of a package of ours that it depends on */
function setVersion(manifest, names, version, name = manifest.name) {
  const before = JSON.stringify(manifest)
  // A stand-in of a package, by its name, has none.
  if (names.has(name) && manifest.version) manifest.version = version
  for (const field of DEPENDENCIES) {
    for (const dependency of Object.keys(manifest[field] ?? {})) {
      if (names.has(dependency)) manifest[field][dependency] = version
    }
  }
  return JSON.stringify(manifest) !== before
}

/** Gives what is under "Unreleased" its version and day, and starts a new, empty section. */
function titleChanges(text, version, previous) {
  const [, changes] = /^## \[Unreleased\]\n([\s\S]*?)(?=^## |^\[)/m.exec(text) ?? []
  if (!changes?.trim()) throw new Error('CHANGELOG.md has nothing under "## [Unreleased]". Describe the changes there.')
  const day = new Date().toISOString().slice(0, 10)
  return text
    .replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${day}\n`)
    .replace(
      /^\[Unreleased\]: .*$/m,
      `[Unreleased]: ${REPOSITORY}/compare/v${version}...HEAD\n[${version}]: ${REPOSITORY}/compare/v${previous}...v${version}`,
    )
}

function git(...args) {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' })
}

function read(path) {
  return readFileSync(join(ROOT, path), 'utf8')
}

function write(path, text) {
  writeFileSync(join(ROOT, path), text)
}

function writeJson(path, value) {
  write(path, `${JSON.stringify(value, undefined, 2)}\n`)
}
