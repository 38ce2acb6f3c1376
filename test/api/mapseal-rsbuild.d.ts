import { Options } from '@mapseal/core';
import { RsbuildPlugin } from '@rsbuild/core';

/**
 * Mapseal for Rsbuild.
 *
 * @example
 * ```ts
 * // rsbuild.config.ts
 * export default defineConfig({ plugins: [mapseal()] })
 * ```
 */
declare const plugin: (options?: Options) => RsbuildPlugin;

export { plugin as default, plugin as "module.exports" };
