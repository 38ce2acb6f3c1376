import { sentry } from '@mapseal/destinations/sentry'
import esbuildPlugin from 'mapseal/esbuild'
import vitePlugin from 'mapseal/vite'
import webpackPlugin from 'mapseal/webpack'
import { builds } from '../../playground/build.ts'

/** Builds the playground with delivery; made to be killed. */

const [bundler = '', outDir = '', vault = '', url = ''] = process.argv.slice(2)
const destinations = [sentry({ org: 'acme', project: 'web', authToken: 'secret', url })]
const options = { vault, destinations, release: '1.2.3', onError: 'fail' as const }

if (bundler === 'vite') await builds.vite(outDir, [vitePlugin(options)])
else if (bundler === 'webpack') await builds.webpack(outDir, [webpackPlugin(options)])
else await builds.esbuild(outDir, [esbuildPlugin(options)])
