import { Options } from '@mapseal/core';

/** An integration, as far as it is used; without Astro's types, which would need Astro to be installed. */
interface AstroIntegration {
    name: string;
    hooks: {
        'astro:config:setup'?(setup: Setup): void;
        'astro:build:start'?(): Promise<void>;
        'astro:build:done'?(): Promise<void>;
    };
}
interface Setup {
    command: string;
    config: {
        root: URL;
    };
    updateConfig(config: {
        vite: {
            plugins: never[];
        };
    }): unknown;
}
/**
 * Mapseal for Astro, as an integration: pages, browser and server, as one build, read once Astro has put its manifest into the server.
 *
 * @example
 * ```ts
 * // astro.config.mjs
 * export default defineConfig({ integrations: [mapseal()] })
 * ```
 */
declare function integration(options?: Options): AstroIntegration;

export { integration as default, integration as "module.exports" };
export type { AstroIntegration };
