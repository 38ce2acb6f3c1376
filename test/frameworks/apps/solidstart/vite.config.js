import { solidStart } from '@solidjs/start/config'
import { nitroV2Plugin } from '@solidjs/vite-plugin-nitro-2'
import mapseal from 'mapseal/vite'

export default { plugins: [solidStart(), nitroV2Plugin(), mapseal()] }
