import { reactRouter } from '@react-router/dev/vite'
import mapseal from 'mapseal/vite'

export default { plugins: [reactRouter(), mapseal({ vault: './vault', release: process.env.RELEASE ?? '1.2.3' })] }
