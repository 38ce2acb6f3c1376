import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import react from '@vitejs/plugin-react'
import mapseal from 'mapseal/vite'

export default { plugins: [tanstackStart(), react(), mapseal()] }
