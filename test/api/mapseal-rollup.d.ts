import { Options } from '@mapseal/core';
import { Plugin } from 'rollup';

/**
 * Mapseal for Rollup.
 *
 * @example
 * ```ts
 * // rollup.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
declare const plugin: (options?: Options) => Plugin[];

export { plugin as default, plugin as "module.exports" };
