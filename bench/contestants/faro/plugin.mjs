/** @param {import('../../builds/types.ts').Job} job */
export async function pluginsFor({ bundler, mode, url = 'http://127.0.0.1:9' }) {
  const options = {
    appName: 'web',
    endpoint: url,
    apiKey: 'secret',
    appId: '1',
    stackId: '1',
    gzipContents: true,
    recursive: true,
    skipUpload: mode !== 'full',
  }
  if (bundler === 'webpack') {
    const { default: plugin } = await import('@grafana/faro-webpack-plugin')
    const Plugin = plugin.default ?? plugin
    return [new Plugin(options)]
  }
  const { default: plugin } = await import('@grafana/faro-rollup-plugin')
  return [(plugin.default ?? plugin)(options)]
}
