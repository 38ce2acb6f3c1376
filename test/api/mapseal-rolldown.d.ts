import { Options } from '@mapseal/core';
import { Plugin } from 'rolldown';

/**
 * Mapseal for Rolldown.
 *
 * @example
 * ```ts
 * // rolldown.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
declare const plugin: (options?: Options) => Plugin[];

export { plugin as default, plugin as "module.exports" };
