import mapseal from 'mapseal/vite'

const { SOURCEMAP, RELEASE } = process.env

export default {
  vite: {
    plugins: [mapseal({ vault: './vault', release: RELEASE ?? '1.2.3' })],
    build: SOURCEMAP ? { sourcemap: JSON.parse(SOURCEMAP) } : {},
  },
}
