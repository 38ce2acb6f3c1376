import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** Of a thread's heap, in MB. The maps themselves lie outside of it, and are counted by `hotBytes`. */
const HEAP = 512

export function startWorker(hotBytes: number): Worker {
  const require = createRequire(import.meta.url)
  const options: WorkerOptions = { workerData: { hotBytes }, resourceLimits: { maxOldGenerationSizeMb: HEAP } }
  if (import.meta.url.endsWith('.ts')) return startFromSource(require, options)
  // Bundlers may put this module into any chunk: the worker is found as others would find it.
  return new Worker(require.resolve('@mapseal/server/symbolicate/worker'), { ...options, execArgv: [] })
}

/** In a thread `--import tsx` does nothing of itself: it must be told to register. */
function startFromSource(require: NodeJS.Require, options: WorkerOptions): Worker {
  const tsx = pathToFileURL(require.resolve('tsx/esm/api').replace(/index\.cjs$/, 'index.mjs')).href
  const worker = new URL('./worker.ts', import.meta.url).href
  const code = `import('${tsx}').then(({ register }) => { register(); return import('${worker}') })`
  return new Worker(code, { ...options, eval: true, execArgv: ['-C', 'mapseal-source'] })
}
