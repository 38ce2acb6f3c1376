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
declare function plugin(userOptions?: Options): Plugin[];

export { plugin as default, plugin as "module.exports" };
