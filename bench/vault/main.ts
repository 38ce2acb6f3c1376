import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createVault, openStore, type Store } from '@mapseal/core'
import { addBuild, debugIdOf, generate, idOf, type Shape } from './generate.ts'

const HELP = `npm run bench:vault -- --vault DIR [options]

  --vault DIR       a folder or s3://bucket/prefix; builds that are there already are kept, so that a run can be continued
  --builds N        10000 by default
  --files N         1000 by default
  --changing N      of a hundred files, how many change from one build to the next; 5 by default
`

/** The built one, as users run it: npm run build. */
const cli = new URL('../../packages/mapseal/bin/mapseal.js', import.meta.url).pathname

/** Requests to a store, and the longest time that the event loop stood still meanwhile. */
async function measured(name: string, store: Store, work: (store: Store) => Promise<unknown>): Promise<void> {
  const counts: Record<string, number> = {}
  const counted = new Proxy(store, {
    get(target, operation: keyof Store) {
      const value = target[operation]
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        counts[operation] = (counts[operation] ?? 0) + 1
        return (value as (...args: unknown[]) => unknown).apply(target, args)
      }
    },
  })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const start = performance.now()
  await work(counted)
  const ms = performance.now() - start
  delay.disable()
  const requests = Object.entries(counts).map(([operation, count]) => `${operation} ${count}`)
  console.log(`${name}: ${ms.toFixed(0)} ms, stall ${(delay.max / 1e6).toFixed(0)} ms, ${requests.join(', ')}`)
}

async function serve(location: string, shape: Shape): Promise<void> {
  const start = performance.now()
  const child = spawn(process.execPath, [cli, 'serve', '--vault', location, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let url = ''
    for await (const line of createInterface({ input: child.stdout })) {
      url = /"url":\s*"(http:[^"]+)"/.exec(line)?.[1] ?? ''
      if (url) break
    }
    const ask = async (path: string, body?: object) => {
      const start = performance.now()
      const response = await fetch(url + path, body && { method: 'POST', body: JSON.stringify(body) })
      const text = await response.text()
      return { ms: (performance.now() - start).toFixed(0), status: response.status, text }
    }
    await ask('/readyz')
    console.log(`serve is ready after ${(performance.now() - start).toFixed(0)} ms`)
    for (const build of [shape.builds - 1, shape.builds >> 1, 0]) {
      const debugId = debugIdOf(build, 1, shape)
      const found = await ask(`/api/maps/${debugId}`)
      console.log(`the map of a debug ID of build ${build}: ${found.status}, ${found.ms} ms`)
    }
    const page = await ask('/api/builds')
    console.log(`the list of builds: ${page.status}, ${page.ms} ms`)
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
    console.log(`memory of serve: ${/VmHWM:\s+(\d+)/.exec(status)?.[1]} kB at most`)
  } finally {
    child.kill('SIGTERM')
    await once(child, 'close')
  }
}

async function symbolicate(location: string, shape: Shape): Promise<void> {
  const url = 'https://shop.example/assets/x.js'
  const start = performance.now()
  const debugId = debugIdOf(shape.builds >> 1, 2, shape)
  const child = spawn(process.execPath, [cli, 'symbolicate', '--vault', location, '--debug-id', `${url}=${debugId}`])
  child.stdin.end(`Error: x\n    at ${url}:1:1\n`)
  let output = ''
  child.stdout.on('data', piece => {
    output += piece
  })
  const [code] = await once(child, 'close')
  console.log(
    `symbolicate of one frame: exit ${code}, ${(performance.now() - start).toFixed(0)} ms, ${output.split('\n')[1]}`,
  )
}

const { values } = parseArgs({
  options: {
    vault: { type: 'string' },
    builds: { type: 'string', default: '10000' },
    files: { type: 'string', default: '1000' },
    changing: { type: 'string', default: '5' },
  },
})
if (values.vault === undefined) {
  process.stdout.write(HELP)
} else {
  const location = values.vault
  const shape = { builds: Number(values.builds), files: Number(values.files), changing: Number(values.changing) }
  const store = openStore(location, process.cwd())
  await measured(`${shape.builds} builds of ${shape.files} files`, store, store =>
    generate(store, shape, build => {
      if (build % 500 === 499) console.log(`${build + 1} builds, the newest ${idOf(build)}`)
    }),
  )
  await measured('the first use, which makes the index', store, store => createVault(store).index())
  await measured('the next one', store, store => createVault(store).index())
  await serve(location, shape)
  await symbolicate(location, shape)
  for (const more of [0, 1, 2])
    await measured('one more build', store, store => addBuild(store, shape.builds + more, shape))
}
