import { Options } from '@mapseal/core';
import { WebpackPluginInstance } from 'webpack';

/**
 * Mapseal for webpack.
 *
 * @example
 * ```ts
 * // webpack.config.js
 * export default { plugins: [mapseal()] }
 * ```
 */
declare const plugin: (options?: Options) => WebpackPluginInstance;

export { plugin as default, plugin as "module.exports" };
