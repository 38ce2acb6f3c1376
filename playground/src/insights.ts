import { type ErrorReport, report } from './errors.ts'

/** Set by `esbuild.mjs`, which builds the worker as an entry point; the others find the worker by its `new URL`. */
declare const WORKER_URL: string | undefined

let worker: Worker | undefined

/** Asks the worker for the median of `prices`; its errors come back with their stacks. */
export function requestMedian(prices: number[]): void {
  worker ??= startWorker()
  worker.postMessage(prices)
}

function startWorker(): Worker {
  const started =
    typeof WORKER_URL === 'string'
      ? new Worker(WORKER_URL, { type: 'module' })
      : new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  started.addEventListener('message', ({ data }: MessageEvent<ErrorReport>) => report(data))
  return started
}
