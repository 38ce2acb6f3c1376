import mapseal from 'mapseal/rolldown'

export default { entry: 'src/boom.ts', plugins: [mapseal()] }
