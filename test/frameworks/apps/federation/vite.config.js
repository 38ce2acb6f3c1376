import { federation } from '@module-federation/vite'
import mapseal from 'mapseal/vite'

const remote = { type: 'module', name: 'remote', entry: 'http://127.0.0.1:1/remoteEntry.js' }

export default {
  build: { target: 'esnext' },
  plugins: [
    federation({
      name: 'host',
      filename: 'remoteEntry.js',
      exposes: { './widget': './src/widget.js' },
      remotes: { remote },
      shared: {},
      dts: false,
    }),
    mapseal(),
  ],
}
