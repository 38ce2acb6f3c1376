import mapseal from 'mapseal/webpack'

const { PUBLIC, RELEASE } = process.env

export default {
  productionBrowserSourceMaps: PUBLIC === '1',
  webpack(config) {
    config.plugins.push(mapseal({ vault: './vault', release: RELEASE ?? '1.2.3' }))
    return config
  },
}
