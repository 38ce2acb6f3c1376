import node from '@astrojs/node'
import mapseal from 'mapseal/astro'

export default {
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  integrations: [mapseal()],
}
