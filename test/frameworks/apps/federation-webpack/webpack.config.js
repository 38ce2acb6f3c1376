import { ModuleFederationPlugin } from '@module-federation/enhanced/webpack'
import Html from 'html-webpack-plugin'
import mapseal from 'mapseal/webpack'

export default {
  mode: 'production',
  entry: './src/index.js',
  output: { clean: true, uniqueName: 'shop', publicPath: 'auto' },
  plugins: [
    new ModuleFederationPlugin({
      name: 'shop',
      filename: 'remoteEntry.js',
      exposes: { './boom': './src/boom.js' },
      dts: false,
    }),
    new Html({ template: 'index.html', excludeChunks: ['shop'] }),
    mapseal(),
  ],
}
