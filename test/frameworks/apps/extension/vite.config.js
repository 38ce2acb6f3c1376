import { crx } from '@crxjs/vite-plugin'
import mapseal from 'mapseal/vite'

const manifest = {
  manifest_version: 3,
  name: 'Shop',
  version: '1.4.0',
  action: { default_popup: 'index.html' },
  background: { service_worker: 'src/background.js', type: 'module' },
}

export default { plugins: [crx({ manifest }), mapseal()] }
