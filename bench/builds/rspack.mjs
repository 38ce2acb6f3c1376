import { rspack } from '@rspack/core'
import { configOf, run } from './webpack-family.mjs'

/** @type {import('./types.ts').Build} */
export const build = (job, plugins) => run(rspack(configOf(job, plugins)))
