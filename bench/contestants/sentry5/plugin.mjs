import { optionsOf } from '../sentry-options.mjs'

/** @param {import('../../builds/types.ts').Job} job */
export async function pluginsFor(job) {
  const plugin = await pluginOf(job.bundler)
  return [plugin(optionsOf(job))].flat()
}

async function pluginOf(bundler) {
  if (bundler.startsWith('vite')) return (await import('@sentry/vite-plugin')).sentryVitePlugin
  if (bundler === 'esbuild') return (await import('@sentry/esbuild-plugin')).sentryEsbuildPlugin
  if (/pack$/.test(bundler)) return (await import('@sentry/webpack-plugin')).sentryWebpackPlugin
  return (await import('@sentry/rollup-plugin')).sentryRollupPlugin
}
