// Builds every published package and packs it: `npm run pack -- <folder>`.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publishedPackages, ROOT } from './packages.mjs'

/** @param folder where the tarballs go, relative to the working folder */
export function packPackages(folder) {
  const destination = resolve(folder)
  mkdirSync(destination, { recursive: true })
  const workspaces = publishedPackages().map(({ name }) => `--workspace=${name}`)
  run('npm', ['run', 'build', ...workspaces])
  run('npm', ['pack', '--pack-destination', destination, ...workspaces])
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (error) throw error
  if (status !== 0) throw new Error(`\`${[command, ...args].join(' ')}\` failed with exit code ${status}.`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2)
  if (folder) packPackages(folder)
  else {
    console.error('Name the folder for the tarballs: npm run pack -- <folder>')
    process.exitCode = 2
  }
}
