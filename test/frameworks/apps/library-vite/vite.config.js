import mapseal from 'mapseal/vite'

export default {
  build: { lib: { entry: 'src/boom.ts', formats: ['es'], fileName: 'app' } },
  plugins: [mapseal()],
}
