import mapseal from 'mapseal/webpack'

const { PUBLIC } = process.env

export default {
  productionBrowserSourceMaps: PUBLIC === '1',
  webpack(config) {
    config.plugins.push(mapseal())
    return config
  },
}
