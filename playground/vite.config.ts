import mapseal from 'mapseal/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [mapseal()],
})
