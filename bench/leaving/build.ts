import { join } from 'node:path'
import { bugsnag } from '@mapseal/destinations/bugsnag'
import { datadog } from '@mapseal/destinations/datadog'
import { honeybadger } from '@mapseal/destinations/honeybadger'
import { rollbar } from '@mapseal/destinations/rollbar'
import mapseal from 'mapseal/vite'
import { build } from 'vite'

/** Builds an app with Vite, plain or with some destinations, and prints what it cost: CPU in s, memory in MB. */

const [root = '', out = '', url = '', count = '0'] = process.argv.slice(2)
const urls = 'https://shop.example/'
const destinations = [
  bugsnag({ apiKey: 'k', url, urls }),
  rollbar({ accessToken: 'k', url, urls }),
  honeybadger({ apiKey: 'k', url, urls }),
  datadog({ apiKey: 'k', url: `${url}/srcmap` }),
].slice(0, Number(count))
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
