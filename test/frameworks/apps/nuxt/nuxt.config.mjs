import mapseal from 'mapseal/vite'

const { SOURCEMAP } = process.env

export default {
  ...(SOURCEMAP ? { sourcemap: JSON.parse(SOURCEMAP) } : {}),
  telemetry: false,
  vite: { plugins: [mapseal({ vault: './vault', release: '1.2.3' })] },
}
