import type { Worker } from 'node:worker_threads'
import type { Job, Ready, Reply } from './messages.ts'
import { startWorker as startRealWorker } from './start-worker.ts'

/** `busy`: too many jobs wait already. `slow`: it took longer than the limit. `failed`: the thread ended. */
export type PoolReply = Reply | { kind: 'busy' } | { kind: 'slow' } | { kind: 'failed'; message: string }

export interface Pool {
  /**
   * Jobs of one key go to one thread, so that each map is held once.
   *
   * @param onStart called just before the job goes to the thread; until then it may change
   */
  run(job: Job, onStart?: () => void): Promise<PoolReply>
  /** Starts the threads; otherwise each starts with its first job, which then takes longer. */
  warm(): void
  close(): Promise<void>
}

export interface PoolOptions {
  threads: number
  /** Maximum jobs that wait for one thread. */
  queue: number
  /** In ms for one job, not counting the start of its thread; a thread that exceeds it is ended, with what it holds. */
  timeLimit: number
  /** Bytes of maps that all threads together keep. */
  hotBytes: number
  /** @param hotBytes of this thread */
  startWorker?: (hotBytes: number) => Worker
}

interface Waiting {
  job: Job
  onStart: (() => void) | undefined
  reply: (reply: PoolReply) => void
}

export function createPool(options: PoolOptions): Pool {
  const threads = Array.from({ length: options.threads }, () => createThread(options))
  return {
    run: (job, onStart) =>
      (threads[Number.parseInt(job.key.slice(0, 8), 16) % threads.length] as Thread).run(job, onStart),
    warm: () => threads.forEach(thread => void thread.warm()),
    close: async () => void (await Promise.all(threads.map(thread => thread.close()))),
  }
}

type Thread = Pool

/** One job at a time. */
function createThread({ queue, timeLimit, hotBytes, threads, startWorker = startRealWorker }: PoolOptions): Thread {
  const waiting: Waiting[] = []
  let worker: Worker | undefined
  let isReady = false
  let current: Waiting | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  function next(): void {
    if (current || isClosed) return
    current = waiting.shift()
    if (!current) {
      worker?.unref()
      return
    }
    worker ??= start()
    worker.ref()
    if (isReady) startTimer()
    current.onStart?.()
    const { bytes } = current.job
    worker.postMessage(current.job, bytes ? [bytes.buffer as ArrayBuffer] : [])
  }

  function startTimer(): void {
    timer = setTimeout(() => finish({ kind: 'slow' }, true), timeLimit)
  }

  function start(): Worker {
    isReady = false
    const started = startWorker(Math.floor(hotBytes / threads))
    started.on('message', (message: Ready | Reply) => {
      if (started !== worker) return
      if (message.kind !== 'ready') return finish(message, false)
      isReady = true
      if (current) startTimer()
    })
    const fail = (message: string) => {
      if (started === worker) finish({ kind: 'failed', message }, true)
    }
    started.on('error', cause => fail(cause.message))
    started.on('exit', code => fail(`its thread ended with code ${code}`))
    return started
  }

  function finish(reply: PoolReply, isEnded: boolean): void {
    clearTimeout(timer)
    const done = current
    current = undefined
    if (isEnded) {
      const ended = worker
      worker = undefined
      void ended?.terminate()
    }
    done?.reply(reply)
    // After the code that waits for this reply, which may add to the next job.
    queueMicrotask(next)
  }

  return {
    run(job, onStart) {
      if (isClosed || waiting.length >= queue) return Promise.resolve({ kind: 'busy' })
      return new Promise(reply => {
        waiting.push({ job, onStart, reply })
        next()
      })
    },
    warm() {
      if (isClosed || worker) return
      worker = start()
      // It must not keep the process alive.
      worker.unref()
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      for (const { reply } of current ? [current, ...waiting.splice(0)] : waiting.splice(0)) reply({ kind: 'busy' })
      const ended = worker
      worker = undefined
      await ended?.terminate()
    },
  }
}
