import { join } from 'node:path'
import mapseal from 'mapseal/vite'
import { build } from 'vite'
import { destinationsAt } from './destinations.ts'

/** Builds an app with Vite, plain or with some destinations, and prints what it cost: CPU in s, memory in MB. */

const [root = '', out = '', url = '', count = '0'] = process.argv.slice(2)
const destinations = destinationsAt(url, Number(count))
const logger = { info() {}, warn: console.error, error: console.error }
const plugin = mapseal({ destinations, release: '1.4.0', vault: join(out, 'vault'), onError: 'fail', logger })
await build({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: destinations.length > 0 ? [plugin] : [],
  build: { outDir: join(out, 'dist'), sourcemap: 'hidden', reportCompressedSize: false, chunkSizeWarningLimit: 1e6 },
})
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ cpu: (user + system) / 1e6, rss: process.resourceUsage().maxRSS / 1024 }))
