import { solidStart } from '@solidjs/start/config'
import mapseal from 'mapseal/vite'
import { nitro } from 'nitro/vite'

export default { plugins: [solidStart(), nitro(), mapseal()] }
