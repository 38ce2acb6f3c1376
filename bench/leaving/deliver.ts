import { deliverBuild, openVault, withClient } from '@mapseal/core'
import { createFetch } from '@mapseal/core/http'
import { destinationsAt } from './destinations.ts'

/** Delivers the build in a vault to some destinations at once, and prints what it cost: CPU in s, memory in MB. */

const [location = '', url = '', count = '1'] = process.argv.slice(2)
const destinations = destinationsAt(url, Number(count))
const vault = openVault(location, process.cwd())
const build = await vault.find('b')
if (!build) throw new Error('The vault has no build.')
// What an earlier round has delivered.
build.deliveries = {}
const before = process.cpuUsage()
const logger = { info() {}, warn: console.error, error: console.error }
await withClient(
  async signal => createFetch({ signal, userAgent: 'mapseal/bench' }),
  (fetch, signal) => deliverBuild(build, { vault, destinations, logger, fetch, signal }),
)
const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6
const states = destinations.map(({ name }) => build.deliveries[name]?.state)
if (states.some(state => state !== 'delivered')) throw new Error(`Not delivered: ${JSON.stringify(build.deliveries)}`)
console.log(
  JSON.stringify({
    names: destinations.map(({ name }) => name),
    cpu: seconds(process.cpuUsage()),
    deliverCpu: seconds(process.cpuUsage(before)),
    rss: process.resourceUsage().maxRSS / 1024,
  }),
)
