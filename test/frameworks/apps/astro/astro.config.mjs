import mapseal from 'mapseal/vite'

const { SOURCEMAP } = process.env

export default {
  vite: {
    plugins: [mapseal()],
    ...(SOURCEMAP && { build: { sourcemap: JSON.parse(SOURCEMAP) } }),
  },
}
