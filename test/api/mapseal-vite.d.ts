import { Options } from '@mapseal/core';
import { Plugin } from 'vite';

/**
 * Mapseal for Vite.
 *
 * @example
 * ```ts
 * // vite.config.ts
 * export default defineConfig({ plugins: [mapseal()] })
 * ```
 */
declare const plugin: (options?: Options) => Plugin[];

export { plugin as default, plugin as "module.exports" };
