import { defineConfig } from '@quasar/app-vite'
import mapseal from 'mapseal/vite'

export default defineConfig(() => ({ build: { vitePlugins: [[mapseal, {}]] } }))
