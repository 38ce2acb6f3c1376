import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { buildWithVite } from './vite.mjs'

// Of the folder that installs it for the tests.
const require = createRequire(new URL('../../test/toolchains/vite7/package.json', import.meta.url))
const vite = await import(pathToFileURL(require.resolve('vite')).href)
/** Its minifier. */
const { stop } = createRequire(require.resolve('vite/package.json'))('esbuild')

export { stop }

/** @type {import('./types.ts').Build} */
export const build = (job, plugins) => buildWithVite(vite, job, plugins)
