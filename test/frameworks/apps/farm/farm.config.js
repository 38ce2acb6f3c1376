import mapseal from 'mapseal/farm'

export default { compilation: { persistentCache: false }, plugins: [mapseal()] }
