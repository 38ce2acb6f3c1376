import { JsPlugin } from '@farmfe/core';
import { Options } from '@mapseal/core';

/**
 * Mapseal for Farm.
 *
 * @example
 * ```ts
 * // farm.config.ts
 * export default defineConfig({ plugins: [mapseal()] })
 * ```
 */
declare const plugin: (options?: Options) => JsPlugin;

export { plugin as default, plugin as "module.exports" };
