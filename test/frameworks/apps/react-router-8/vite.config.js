import { reactRouter } from '@react-router/dev/vite'
import mapseal from 'mapseal/vite'

export default { plugins: [reactRouter(), mapseal()] }
