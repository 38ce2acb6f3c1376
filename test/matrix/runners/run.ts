import type { BundleCase, Bundler, Files, Place } from '../types.ts'

type Runner = (fixture: BundleCase, place: Place) => Promise<void>

/** Loaded when needed, so that a process holds one bundler. */
const runners: Record<Bundler, () => Promise<Runner>> = {
  vite8: async () => (await import('./vite.ts')).runVite,
  vite7: async () => (await import('./vite.ts')).runVite,
  rollup: async () => (await import('./rollup.ts')).runRollup,
  rolldown: async () => (await import('./rolldown.ts')).runRolldown,
  webpack: async () => (await import('./webpack.ts')).runWebpack,
  rspack: async () => (await import('./webpack.ts')).runWebpack,
  esbuild: async () => (await import('./esbuild.ts')).runEsbuild,
  rsbuild: async () => (await import('./rsbuild.ts')).runRsbuild,
  farm: async () => (await import('./farm.ts')).runFarm,
  bun: async () => (await import('./bun.ts')).runBun,
}

/** Builds a case once, in its project's folder. @returns files that stayed in memory, if the case keeps them there */
export async function runCase(fixture: BundleCase, place: Place): Promise<Files | undefined> {
  const run = await runners[place.bundler]()
  const standard = () => run(fixture, place)
  const cwd = process.cwd()
  process.chdir(place.dir)
  try {
    return fixture.build ? await fixture.build(place, standard) : await standard().then(() => undefined)
  } finally {
    process.chdir(cwd)
  }
}
