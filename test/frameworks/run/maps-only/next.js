/** Without the upload of Sentry's SDK, which deletes source maps. */
export function withMapseal({ compiler, webpack, ...config }) {
  return {
    ...config,
    productionBrowserSourceMaps: true,
    experimental: { ...config.experimental, serverSourceMaps: true },
    ...(webpack && {
      webpack(given, context) {
        const made = webpack(given, context)
        made.plugins = made.plugins.filter(plugin => plugin?._name !== 'sentry-webpack-plugin')
        return made
      },
    }),
  }
}
