import { Options } from '@mapseal/core';

/** The part of Nuxt that is used; without its types, which would need Nuxt to be installed. */
interface Nuxt {
    options: {
        dev: boolean;
        rootDir: string;
        sourcemap: {
            client?: boolean | 'hidden';
            server?: boolean | 'hidden';
        };
        mapseal?: Options;
    };
    hook(name: 'build:before' | 'close', run: () => Promise<void>): void;
    hook(name: 'vite:extendConfig', run: (config: PluginList, environment: {
        isClient?: boolean;
    }) => void): void;
    hook(name: 'nitro:init', run: (nitro: Nitro) => void): void;
}
interface Nitro {
    hooks: {
        hook(name: 'rollup:before', run: (nitro: Nitro, config: RollupConfig) => void): void;
    };
}
interface PluginList {
    plugins?: unknown;
}
interface RollupConfig extends PluginList {
    output?: object;
}

/**
 * Mapseal for Nuxt, as a module: the browser's scripts and the server's, as one build.
 *
 * @param options those of the key `mapseal` in `nuxt.config` are used where a module is named without any
 * @example
 * ```ts
 * // nuxt.config.ts
 * export default defineNuxtConfig({ modules: ['mapseal/nuxt'] })
 * ```
 */
declare function nuxtModule(options: Options | undefined, nuxt: Nuxt): void;

export { nuxtModule as default, nuxtModule as "module.exports" };
