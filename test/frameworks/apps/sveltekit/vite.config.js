import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import mapseal from 'mapseal/vite'

const { RELEASE, VERSION } = process.env

export default {
  plugins: [
    sveltekit({ adapter: adapter(), version: { name: VERSION } }),
    mapseal({ vault: './vault', release: RELEASE ?? '1.2.3' }),
  ],
}
