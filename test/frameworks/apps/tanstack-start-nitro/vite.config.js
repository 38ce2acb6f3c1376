import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import react from '@vitejs/plugin-react'
import mapseal from 'mapseal/vite'
import { nitro } from 'nitro/vite'

export default { plugins: [tanstackStart(), nitro(), react(), mapseal()] }
