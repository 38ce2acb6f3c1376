export default () => ({
  name: 'maps-only',
  setup: api => api.modifyRspackConfig(config => ({ ...config, devtool: 'source-map' })),
})
