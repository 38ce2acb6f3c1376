// Loads each script of a folder in turn and prints what they registered. Arguments: format, scripts.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { runInThisContext } from 'node:vm'

const [format, ...scripts] = process.argv.slice(2)
const require = createRequire(import.meta.url)

const load = {
  esm: path => import(pathToFileURL(path).href),
  cjs: path => require(path),
  iife: path => runInThisContext(readFileSync(path, 'utf8'), { filename: path }),
  umd: path => runInThisContext(readFileSync(path, 'utf8'), { filename: path }),
  system: path => {
    globalThis.System ??= require('systemjs/dist/system-node.cjs').System
    return globalThis.System.import(pathToFileURL(path).href)
  },
}

for (const script of scripts) await load[format](script)
await globalThis.pending
const { _sentryDebugIds: registry = {}, SENTRY_RELEASE: release, trace = [] } = globalThis
process.stdout.write(`\n${JSON.stringify({ registry, release: release?.id, trace })}`)
