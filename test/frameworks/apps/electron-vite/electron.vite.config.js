import mapseal from 'mapseal/vite'

export default { main: { plugins: [mapseal()] }, preload: { plugins: [mapseal()] }, renderer: { plugins: [mapseal()] } }
