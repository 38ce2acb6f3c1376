import { createRequire } from 'node:module'
import { dirname } from 'node:path'

const require = createRequire(import.meta.url)

// Each when it is needed, so that a process holds one bundler.
export const loadVite = () => import('vite-5.0')
export const loadRollup = version => (version === 3 ? import('rollup-3') : import('rollup-4.0'))
export const loadRolldown = () => import('rolldown-1.0')
export const loadEsbuild = async () => (await import('esbuild-0.19')).default
// Older than what is supported.
export const loadTooOldVite = () => import('vite-4')
export const loadTooOldRollup = () => import('rollup-2')
export const tooOldViteDir = dirname(require.resolve('vite-4/package.json'))
export const requireWebpack = () => require('webpack-5.75')
export const requireRspack = version => (version === 1 ? require('rspack-1') : require('rspack-1.0'))
