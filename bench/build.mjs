/** One build in a process of its own: `node build.mjs '{"bundler":"vite8",…}'`. What it costs is what is measured. */

/** @type {import('./builds/types.ts').Job} */
const job = JSON.parse(process.argv[2] ?? '')
try {
  const { build } = await import(`./builds/${job.bundler}.mjs`)
  const plugins = job.contestant ? await pluginsFor(job) : []
  await build(job, plugins)
} catch (cause) {
  console.error(`failure: ${cause.message}`)
  // Some leave handles open when they fail.
  process.exit(1)
}

async function pluginsFor(job) {
  const contestant = await import(`./contestants/${job.contestant}/plugin.mjs`)
  try {
    return await contestant.pluginsFor(job)
  } catch (cause) {
    throw new Error(`does not load on Node ${process.versions.node}: ${cause.message}`)
  }
}
