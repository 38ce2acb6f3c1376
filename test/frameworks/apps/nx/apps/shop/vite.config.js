import mapseal from 'mapseal/vite'

export default { plugins: [mapseal()] }
