import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** Maximum heap of a thread, in MB. The maps themselves are outside of it, and count towards `hotBytes`. */
const HEAP = 512

export function startWorker(hotBytes: number): Worker {
  const require = createRequire(import.meta.url)
  const options: WorkerOptions = { workerData: { hotBytes }, resourceLimits: { maxOldGenerationSizeMb: HEAP } }
  if (import.meta.url.endsWith('.ts')) return startFromSource(require, options)
  // Bundlers may put this module into any chunk, so the worker is resolved by its public name.
  return new Worker(require.resolve('@mapseal/server/symbolicate/worker'), { ...options, execArgv: [] })
}

/** `--import tsx` has no effect in a thread, where tsx must be registered. */
function startFromSource(require: NodeJS.Require, options: WorkerOptions): Worker {
  const tsx = pathToFileURL(require.resolve('tsx/esm/api').replace(/index\.cjs$/, 'index.mjs')).href
  const worker = new URL('./worker.ts', import.meta.url).href
  const code = `import('${tsx}').then(({ register }) => { register(); return import('${worker}') })`
  return new Worker(code, { ...options, eval: true, execArgv: ['-C', 'mapseal-source'] })
}
