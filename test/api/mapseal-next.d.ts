import { Options } from '@mapseal/core';

/**
 * Mapseal for Next.js, with Turbopack and with webpack: browser, server and edge, as one build.
 *
 * @param nextConfig an object, or a function as Next.js takes it
 * @example
 * ```ts
 * // next.config.ts
 * export default withMapseal({ output: 'standalone' })
 * ```
 */
declare function withMapseal<Config extends object>(nextConfig: Config, options?: Options): Config;

export { withMapseal };
