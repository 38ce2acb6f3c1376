import { Options } from '@mapseal/core';
export { Artifact, BuildRecord, Bytes, Delivery, DeliveryContext, DeliveryReport, Destination, FileRecord, Logger, Options, Registry, Release, Report, Vault } from '@mapseal/core';

/** A plugin of any bundler, as far as they agree; an entry knows its bundler's own type. */
type MadeBy<Plugin> = (options?: Options) => Plugin;
/**
 * The unplugin instance: a function for each bundler, and `raw` for tools that host unplugin themselves. Typed without a bundler's
 * types, so that none has to be installed; each entry has those of its own.
 */
interface Mapseal {
    vite: MadeBy<{
        name: string;
    }[]>;
    rollup: MadeBy<{
        name: string;
    }[]>;
    rolldown: MadeBy<{
        name: string;
    }[]>;
    webpack: MadeBy<{
        apply(compiler: object): void;
    }>;
    rspack: MadeBy<{
        apply(compiler: object): void;
    }>;
    rsbuild: MadeBy<{
        name: string;
        setup(api: object): void;
    }>;
    esbuild: MadeBy<{
        name: string;
        setup(build: object): void;
    }>;
    farm: MadeBy<{
        name: string;
    }>;
    bun: MadeBy<{
        name: string;
        setup(build: object): void;
    }>;
    raw(options: Options | undefined, meta: {
        framework: string;
    }): {
        name: string;
    }[];
}
declare const mapseal: Mapseal;

/** Types a `mapseal.config.ts`, which takes the plugin's options. */
declare function defineConfig(options: Options): Options;

export { defineConfig, mapseal };
export type { Mapseal };
