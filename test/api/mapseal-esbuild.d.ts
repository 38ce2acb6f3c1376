import { Options } from '@mapseal/core';
import { Plugin } from 'esbuild';

/**
 * Mapseal for esbuild.
 *
 * @example
 * ```ts
 * await esbuild.build({ plugins: [mapseal()] })
 * ```
 */
declare const plugin: (options?: Options) => Plugin;

export { plugin as default, plugin as "module.exports" };
