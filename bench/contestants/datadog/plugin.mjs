/** @param {import('../../builds/types.ts').Job} job */
export async function pluginsFor({ bundler, mode, url, release }) {
  if (url) process.env.DATADOG_SOURCEMAP_INTAKE_URL = `${url}/api/v2/srcmap`
  const plugin = await pluginOf(bundler)
  // By name: it does not find its own debug IDs in what Vite 8 minifies, and takes only one of the two.
  const service = {
    service: 'web',
    releaseVersion: release,
    minifiedPathPrefix: 'https://app.example/',
    bailOnError: true,
  }
  const feature = mode === 'full' ? { errorTracking: { sourcemaps: service } } : { sourcemaps: { debugId: true } }
  return [plugin({ auth: { apiKey: 'secret' }, logLevel: 'error', ...feature })].flat()
}

async function _pluginsFor({ bundler, mode, url, release }) {
  if (url) process.env.DATADOG_SOURCEMAP_INTAKE_URL = `${url}/api/v2/srcmap`
  const plugin = await pluginOf(bundler)
  const service = {
    service: 'web',
    releaseVersion: release,
    minifiedPathPrefix: 'https://app.example/',
    bailOnError: true,
  }
  const upload = mode === 'full' ? { errorTracking: { sourcemaps: service } } : {}
  // IDs are in both; it uploads by name, since it does not find its own IDs in what Vite 8 minifies.
  return [plugin({ auth: { apiKey: 'secret' }, logLevel: 'error', sourcemaps: { debugId: true }, ...upload })].flat()
}

async function pluginOf(bundler) {
  if (bundler.startsWith('vite')) return (await import('@datadog/vite-plugin')).datadogVitePlugin
  return (await import('@datadog/webpack-plugin')).datadogWebpackPlugin
}
