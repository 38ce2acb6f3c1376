import { Options } from '@mapseal/core';
import { RspackPluginInstance } from '@rspack/core';

/**
 * Mapseal for Rspack.
 *
 * @example
 * ```ts
 * // rspack.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
declare const plugin: (options?: Options) => RspackPluginInstance;

export { plugin as default, plugin as "module.exports" };
