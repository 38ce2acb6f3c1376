import * as vite from 'vite'
import { buildWithVite } from './vite.mjs'

/** @type {import('./types.ts').Build} */
export const build = (job, plugins) => buildWithVite(vite, job, plugins)
