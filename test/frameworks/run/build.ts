import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildRecord, openVault } from '@mapseal/core'
import { runProgram } from '../../support/command.ts'
import type { App } from '../app.ts'
import type { Row } from './row.ts'

const packages = join(import.meta.dirname, '../../../packages')
const bin = join(packages, 'mapseal/bin/mapseal.js')

export const quiet: NodeJS.ProcessEnv = {
  CI: '',
  ASTRO_TELEMETRY_DISABLED: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
  NG_CLI_ANALYTICS: 'false',
  STORYBOOK_DISABLE_TELEMETRY: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  NX_DAEMON: 'false',
  WRANGLER_SEND_METRICS: 'false',
}

/** Options that have nothing to do with source maps; deliveries are counted in a file. */
const config = `import { appendFileSync } from 'node:fs'
export default {
  release: '1.4.0',
  vault: import.meta.dirname + '/vault',
  destinations: [{
    name: 'counter',
    deliver: async build => {
      appendFileSync(import.meta.dirname + '/deliveries', build.id + '\\n')
      return { artifacts: build.files.length }
    },
  }],
}
`

/** Builds Mapseal itself, without types: tools that resolve modules by themselves do not find its source. */
export async function buildMapseal(): Promise<void> {
  const tsup = join(packages, '../node_modules/tsup/dist/cli-default.js')
  for (const name of ['core', 'destinations', 'cli', 'mapseal']) {
    const { code, stdout, stderr } = await runProgram(process.execPath, [tsup, '--no-dts'], {
      cwd: join(packages, name),
    })
    if (code !== 0) throw new Error(stdout + stderr)
  }
}

export interface Built {
  output: string
  records: BuildRecord[]
  deliveries: number
}

/** Runs a command of a row as its user would, with the built packages. */
export function runIn(app: App, [program = '', ...args]: string[], env: NodeJS.ProcessEnv = {}, stdin = '') {
  const file = program === 'mapseal' ? bin : join(app.dir, 'node_modules', program)
  return runProgram(app.node, [file, ...args], { cwd: app.dir, stdin, env: environmentOf(app, env) })
}

export function environmentOf({ dir, node }: App, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const PATH = [join(dir, 'node_modules/.bin'), join(node, '..'), process.env.PATH].join(':')
  return { ...quiet, PATH, ...env }
}

/** @throws with the output of a command that fails */
export async function buildRow(app: App, { build, outputs, env }: Row): Promise<Built> {
  const { dir } = app
  for (const path of [...outputs, 'vault', 'deliveries']) await rm(join(dir, path), { recursive: true, force: true })
  await writeFile(join(dir, 'mapseal.config.mjs'), config)
  let output = ''
  for (const command of build) {
    const { code, stdout, stderr } = await runIn(app, command, env)
    output += stdout + stderr
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`)
  }
  const deliveries = await readFile(join(dir, 'deliveries'), 'utf8').catch(() => '')
  return {
    output,
    records: await openVault('vault', dir).records(),
    deliveries: deliveries.split('\n').filter(Boolean).length,
  }
}
