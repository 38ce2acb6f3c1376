import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import mapseal from 'mapseal/vite'

export default {
  plugins: [sveltekit({ adapter: adapter(), version: { name: process.env.VERSION } }), mapseal()],
}
