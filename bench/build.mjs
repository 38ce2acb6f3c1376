/** One build in a process of its own: `node build.mjs '{"bundler":"vite8",…}'`. Its cost is measured. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** @type {import('./builds/types.ts').Job} */
const job = JSON.parse(process.argv[2] ?? '')
const { build, stop } = await import(`./builds/${job.bundler}.mjs`)
try {
  await build(job, job.contestant ? await pluginsFor(job) : [])
} catch (cause) {
  console.error(`failure: ${cause.message}`)
  process.exitCode = 1
}
await stop?.()
await childrenEnd()
// Some leave handles open when they fail.
process.exit()

async function pluginsFor(job) {
  const contestant = await import(`./contestants/${job.contestant}/plugin.mjs`)
  try {
    return await contestant.pluginsFor(job)
  } catch (cause) {
    throw new Error(`does not load on Node ${process.versions.node}: ${cause.message}`)
  }
}

/** The cost of a process is lost if its parent ends first; esbuild's own process, which does the work, ends only when stopped. */
async function childrenEnd() {
  for (let tries = 0; tries < 500; tries++) {
    if (readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8') === '') return
    await sleep(2)
  }
}
