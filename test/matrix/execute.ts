import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Format } from './types.ts'

export interface Execution {
  /** `_sentryDebugIds`. */
  registry: Record<string, unknown>
  release?: string
  /** What the fixture pushed to `globalThis.trace`. */
  trace: unknown[]
}

const child = fileURLToPath(new URL('./execute-child.mjs', import.meta.url))

/** Runs scripts in a Node process of their own. @throws when one of them throws */
export async function execute(dir: string, scripts: string[], format: Format): Promise<Execution> {
  const paths = scripts.map(path => join(dir, path))
  const { stdout } = await promisify(execFile)(process.execPath, [child, format, ...paths], {
    env: { PATH: process.env.PATH },
    timeout: 30_000,
    maxBuffer: 1e8,
  })
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as Execution
}
