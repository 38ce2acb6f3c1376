import { Plugin } from 'rollup';
import { MetadataOptions } from '@mapseal/destinations/sentry';

/** Configs ask Sentry's plugins with this whether uploads can work: whether a binary is installed, which is not needed here. */
declare function sentryCliBinaryExists(): boolean;

/** The options of Sentry's plugins. */
interface Options extends MetadataOptions {
    /** The organization's slug. @default the token's own, or `SENTRY_ORG` */
    org?: string;
    /** The project's slug, or several. @default `SENTRY_PROJECT`, comma-separated */
    project?: string | string[];
    /** @default `SENTRY_AUTH_TOKEN` */
    authToken?: string | undefined;
    /** The server's origin. @default `SENTRY_URL`, or `https://sentry.io` */
    url?: string;
    /** Headers of every request to the server, by their names. */
    headers?: Record<string, string>;
    /** Also logs which files are uploaded, left out and deleted. @default false */
    debug?: boolean;
    /** Logs nothing, except that source maps were kept, were not delivered, or are public. @default false */
    silent?: boolean;
    /** Gets an error of the release or the upload. The build fails only if this throws. @default fails the build */
    errorHandler?: (error: Error) => void;
    /** Accepted; nothing is ever sent. */
    telemetry?: boolean;
    /** Switches the plugin off. @default false */
    disable?: boolean;
    sourcemaps?: SourceMapOptions;
    release?: ReleaseOptions;
    bundleSizeOptimizations?: BundleSizeOptimizations;
    reactComponentAnnotation?: AnnotationOptions;
    _experiments?: {
        /** Sets `SENTRY_BUILD_INFO` at run time: the names of all dependencies, and some versions. @default false */
        injectBuildInformation?: boolean;
    } & Record<string, unknown>;
    /** For tools that wrap the plugin. */
    _metaOptions?: {
        /** Stands before each line, in place of `[mapseal]`. */
        loggerPrefixOverride?: string;
        /** Accepted; nothing is ever sent. */
        telemetry?: {
            metaFramework?: string;
            bundlerMajorVersion?: string;
        };
    };
}
interface SourceMapOptions {
    /**
     * `true`: no debug IDs, no upload, and the bundler's source maps stay as they are. `'disable-upload'`: debug IDs are in the
     * scripts and the source maps, for a later upload.
     * @default false
     */
    disable?: boolean | 'disable-upload';
    /** Which scripts are uploaded: globs, relative to the working folder. `[]` for none. @default all */
    assets?: string | string[];
    /** Which scripts are not: globs, relative to the working folder. @default none */
    ignore?: string | string[];
    /** Names the originals in the uploaded source maps. @default relative to the working folder */
    rewriteSources?: RewriteSources;
    /** Finds the source map of a script, where that is not the one the bundler made. */
    resolveSourceMap?: ResolveSourceMap;
    /** Which files are deleted once the upload is confirmed: globs, relative to the working folder. */
    filesToDeleteAfterUpload?: string | string[] | Promise<string | string[] | undefined>;
    /**
     * `true` takes all source maps out of the output; `false` leaves them there, hidden.
     * @default those that the bundler's setting asks for stay
     */
    deleteSourcemapsAfterUpload?: boolean;
}
/**
 * @param source as the map has it
 * @param map the parsed source map
 * @param context `mapDir` is the folder of the source map, absolute
 */
type RewriteSources = (source: string, map: unknown, context?: {
    mapDir: string;
}) => string;
/**
 * @param artifactPath absolute
 * @param sourceMappingUrl of the source map beside the script; undefined where none stays in the output
 * @returns an absolute path; if there is none, or no such file, the bundler's map is taken
 */
type ResolveSourceMap = (artifactPath: string, sourceMappingUrl: string | undefined) => string | undefined | Promise<string | undefined>;
interface ReleaseOptions {
    /** @default `SENTRY_RELEASE`, the CI's commit variable, or git's `HEAD` */
    name?: string;
    /** Sets `SENTRY_RELEASE` at run time. @default true */
    inject?: boolean;
    /** Makes the release on the server. @default true */
    create?: boolean;
    /** Sets the release's date. @default true */
    finalize?: boolean;
    /** Which build of the release this is. */
    dist?: string;
    /** The git remote. @default `SENTRY_VSC_REMOTE`, or `origin` */
    vcsRemote?: string;
    /** Which commits the release has. @default what can be found, else a warning */
    setCommits?: SetCommitsOptions | false;
    /** The rollout that the build is part of. @default what the host reports */
    deploy?: DeployOptions | false;
    /** Uploads files that are found by their URL and the release. */
    uploadLegacySourcemaps?: string | IncludeEntry | (string | IncludeEntry)[];
}
type SetCommitsOptions = ({
    auto: true;
    repo?: undefined;
    commit?: undefined;
} | {
    auto?: false | undefined;
    repo: string;
    commit: string;
}) & {
    /** The last commit of the release before. */
    previousCommit?: string;
    /** Takes the newest commits where that one is not in the repository. @default false */
    ignoreMissing?: boolean;
    /** Says nothing where there are no commits. @default false */
    ignoreEmpty?: boolean;
};
interface DeployOptions {
    /** Such as `production`. */
    env: string;
    /** Seconds since 1970, or ISO 8601. */
    started?: number | string;
    /** Seconds since 1970, or ISO 8601. */
    finished?: number | string;
    /** How long it took, in seconds; instead of `started` and `finished`. */
    time?: number;
    name?: string;
    url?: string;
}
interface IncludeEntry {
    /** Files and folders, or globs of them. */
    paths: string[];
    /** What is left out, in the syntax of `.gitignore`. @default `node_modules`, where `ignoreFile` is not set either */
    ignore?: string | string[];
    /** A file with such lines. */
    ignoreFile?: string;
    /** Endings of files, with or without the dot. @default js, cjs, mjs, map, jsbundle, bundle */
    ext?: string[];
    /** Stands before each path. @default '~/' */
    urlPrefix?: string;
    /** Stands behind each path. */
    urlSuffix?: string;
    /** Beginnings that are taken off the names of originals. */
    stripPrefix?: string[];
    /** Takes off what all originals begin with. @default false */
    stripCommonPrefix?: boolean;
    /** Pairs scripts with source maps by name, where a script names none. @default true */
    sourceMapReference?: boolean;
    /** Flattens source maps with sections, and puts sources into them that they lack. @default true */
    rewrite?: boolean;
    /** Uploads nothing if a source map is not valid. @default false */
    validate?: boolean;
}
/** Each takes a part of Sentry's SDK out of the bundle, as far as the bundler then finds it unused. */
interface BundleSizeOptimizations {
    /** Debug logging, as by `debug: true`. @default false */
    excludeDebugStatements?: boolean;
    /** Tracing. @default false */
    excludeTracing?: boolean;
    /** Hooks that the Node SDK installs for diagnostics channels. @default false */
    excludeChannelInjection?: boolean;
    /** Recording of canvases in replays. @default false */
    excludeReplayCanvas?: boolean;
    /** Recording of shadow DOM in replays. @default false */
    excludeReplayShadowDom?: boolean;
    /** Recording of iframes in replays. @default false */
    excludeReplayIframe?: boolean;
    /** The worker that compresses replays. @default false */
    excludeReplayWorker?: boolean;
}
/** Writes the names of React components into the DOM: `data-sentry-component`. */
interface AnnotationOptions {
    /** @default false */
    enabled?: boolean;
    /** Names of components whose elements are left as they are. */
    ignoredComponents?: string[];
    /** Accepted: elements of the DOM are all that is ever annotated. */
    _experimentalInjectIntoHtml?: boolean;
}

type SentryRollupPluginOptions = Options;
/**
 * Sentry's Rollup plugin, by its name and with its options; for Rolldown too.
 *
 * @example
 * ```ts
 * export default { plugins: [sentryRollupPlugin({ org: 'acme', project: 'shop' })] }
 * ```
 */
declare function sentryRollupPlugin(options?: SentryRollupPluginOptions): Plugin[];
declare const named: {
    sentryRollupPlugin: typeof sentryRollupPlugin;
    sentryCliBinaryExists: typeof sentryCliBinaryExists;
};
declare const plugin: typeof sentryRollupPlugin & typeof named;

export { plugin as default, plugin as "module.exports", sentryCliBinaryExists, sentryRollupPlugin };
export type { AnnotationOptions, BundleSizeOptimizations, DeployOptions, IncludeEntry, Options, ReleaseOptions, ResolveSourceMap, RewriteSources, SentryRollupPluginOptions, SetCommitsOptions, SourceMapOptions };
