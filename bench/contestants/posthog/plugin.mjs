import { fileURLToPath } from 'node:url'

/** Where its install script puts the program that uploads, which it downloads; otherwise the plugin would download it again. */
const UPLOADER = fileURLToPath(new URL('node_modules/@posthog/cli/node_modules/.bin_real/posthog-cli', import.meta.url))

/** @param {import('../../builds/types.ts').Job} job */
export async function pluginsFor(job) {
  const { bundler, mode, url, release } = job
  // Its plugin makes the maps itself, and stops over those of webpack.
  if (bundler === 'webpack') job.devtool = false
  const options = {
    personalApiKey: 'secret',
    projectId: '1',
    host: url ?? 'http://127.0.0.1:9',
    logLevel: 'error',
    // The plugin always runs a program: for injection alone, one that does nothing.
    cliBinaryPath: mode === 'full' ? UPLOADER : '/bin/true',
    sourcemaps: {
      releaseName: 'web',
      releaseVersion: release,
      releaseMode: 'symbol-set',
      deleteAfterUpload: mode === 'full',
    },
  }
  if (bundler === 'webpack') {
    const { PosthogWebpackPlugin } = await import('@posthog/webpack-plugin')
    return [new PosthogWebpackPlugin(options)]
  }
  const { default: posthog } = await import('@posthog/rollup-plugin')
  return [(posthog.default ?? posthog)(options)]
}
