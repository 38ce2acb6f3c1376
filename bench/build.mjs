/** One build in a process of its own: `node build.mjs '{"bundler":"vite8",…}'`. What it costs is what is measured. */

/** @type {import('./builds/types.ts').Job} */
const job = JSON.parse(process.argv[2] ?? '')
const { build } = await import(`./builds/${job.bundler}.mjs`)
if (!job.contestant) await build(job, [])
else {
  const { pluginsFor } = await import(`./contestants/${job.contestant}/plugin.mjs`)
  await build(job, await pluginsFor(job))
}
