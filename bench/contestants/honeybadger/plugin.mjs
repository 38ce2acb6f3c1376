/** @param {import('../../builds/types.ts').Job} job */
export async function pluginsFor({ bundler, url, release }) {
  const options = {
    apiKey: 'secret',
    assetsUrl: 'https://app.example',
    endpoint: `${url}/v1/source_maps`,
    revision: release,
    silent: true,
  }
  if (bundler === 'webpack') {
    const { default: plugin } = await import('@honeybadger-io/webpack')
    const Plugin = plugin.default ?? plugin
    return [new Plugin(options)]
  }
  const { default: plugin } = await import('@honeybadger-io/rollup-plugin')
  return [(plugin.default ?? plugin)(options)]
}
