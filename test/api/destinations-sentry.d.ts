import { SetCommits, Deploy, Destination } from '@mapseal/core';

/** Where Sentry is and who we are there; what is unset comes from variables and files. */
interface SentryAccess {
    /** The organization's slug. @default SENTRY_ORG, `defaults.org` of a config file, the token's own */
    org?: string;
    /** Slugs or ids; with several, the payload is still sent once. @default SENTRY_PROJECT, `defaults.project` */
    project?: string | string[];
    /** @default SENTRY_AUTH_TOKEN, `auth.token` of a config file */
    authToken?: string;
    /** The server's origin. @default SENTRY_URL, `defaults.url` of a config file, `https://sentry.io` */
    url?: string;
}
interface Surroundings {
    cwd: string;
    env: NodeJS.ProcessEnv;
    warn(message: string): void;
}

/** What every script carries for the SDK: JSON by name. */
type ModuleMetadata = Record<string, unknown>;
/** What a function that makes the metadata gets: slugs and a name, as far as options and variables know them. */
interface MetadataArguments {
    org: string | undefined;
    /** The first of them. */
    project: string | undefined;
    projects: string[] | undefined;
    release: string | undefined;
}
interface MetadataOptions {
    /**
     * Data that every script carries; the SDK attaches it to a script's stack frames, for `beforeSend` and for integrations. An
     * object, or a function that makes one.
     */
    moduleMetadata?: ModuleMetadata | ((known: MetadataArguments) => ModuleMetadata);
    /** The key that `thirdPartyErrorFilterIntegration({ filterKeys })` tells your scripts from those of others by. */
    applicationKey?: string;
}

/** What is kept of the release beside its artifacts. */
interface SentryReleaseOptions {
    /** Makes the release before the upload; without it, the rest is done to the one that is there. @default true */
    create?: boolean;
    /** Where people can read of it. */
    url?: string;
    /** Which commits it holds. @default what git and the CI system say, and a warning where they say nothing */
    setCommits?: SetCommits;
    /** Sets its date. @default true */
    finalize?: boolean;
    /** The rollout that this build is part of. @default what Vercel, Netlify, Cloudflare Pages or Render say */
    deploy?: Omit<Deploy, 'release'> | false;
}

interface SentryOptions extends SentryAccess, MetadataOptions {
    /**
     * What stands before each path in the URLs that Sentry keeps; `~` is any scheme and host. Debug IDs need no URLs.
     * @default '~'
     */
    urlPrefix?: string;
    /**
     * Make the release, with commits, date and deploy; `{}` for all that can be found out. Debug IDs need none.
     * @default undefined
     */
    release?: SentryReleaseOptions;
}
/**
 * Delivers to Sentry, or to a server that speaks its protocol, as artifact bundles: in chunks, and only those that it does
 * not have. Options, then `SENTRY_*` variables, then `.sentryclirc`, then `sentry.properties`.
 *
 * @param place where variables and files are read. @default the process's
 */
declare function sentry(options?: SentryOptions, place?: Partial<Pick<Surroundings, 'cwd' | 'env'>>): Destination;

export { sentry };
export type { MetadataArguments, MetadataOptions, ModuleMetadata, SentryOptions };
