import mapseal from 'mapseal/vite'
import { VitePWA } from 'vite-plugin-pwa'

export default {
  plugins: [
    VitePWA({ registerType: 'autoUpdate', injectRegister: 'auto', manifest: { name: 'Shop', icons: [] } }),
    mapseal(),
  ],
}
