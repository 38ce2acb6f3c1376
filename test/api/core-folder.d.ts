/**
 * The folders that the arguments of a command name, none of them in another. An argument is a pattern only where no folder
 * has it for a name, as `app/[id]` may be one.
 *
 * @param part for the error
 * @returns as they were named, or as a pattern found them, relative to `cwd`
 * @throws MapsealError for a pattern that matches no folder
 */
declare function findFolders(part: string, named: string[], cwd: string): Promise<string[]>;

/** Every error of ours: `[mapseal] [part] what happened. What to do.`; never holds a token. */
declare class MapsealError extends Error {
    name: string;
    constructor(part: string, message: string, options?: {
        cause?: unknown;
    });
    /** Rollup writes the failing plugin's name here, and Vite then prefixes the message with it: ours names us already. */
    get plugin(): undefined;
    set plugin(_name: unknown);
}

/** Bytes as Node hands them round; a `Buffer` is one. */
type Bytes = Uint8Array;
/** The name of a deployed version, and which of its builds this is. */
interface Release {
    name: string;
    dist?: string;
    /** What named it: the option, or the variable, as in `GITHUB_SHA`; for people. */
    source: string;
}
/** The commit that was built, for people. */
interface Commit {
    sha: string;
    branch?: string;
    /** The first line of its message. */
    subject?: string;
}
/** A generated file with its map and debug ID. */
interface Artifact {
    /** Relative to the output folder, with forward slashes. */
    path: string;
    /** Canonical UUID: lower case, dashed. */
    debugId: string;
    code: Bytes;
    /** The source map's JSON, already edited to fit `code`. Absent where the bundler made none. */
    map?: Bytes;
    /**
     * The same as the vault keeps it, each a gzip member with a header of ten bytes: for destinations that send it compressed, so that
     * it is compressed once. Then `code` and `map` are unpacked when they are read, and not before. Absent where one of them
     * is not UTF-8, or where the vault has it in zstd.
     */
    gzip?: {
        code: Bytes;
        map?: Bytes;
    };
}
/** Bytes in the vault, and where they lie: in a pack, as a gzip member or a zstd frame of their own. */
interface BlobRef {
    /** The digest of the bytes, in lower-case hex. */
    sha256: string;
    /** Uncompressed, in bytes. */
    size: number;
    /** The pack's name; a later build may refer to it too. */
    pack: string;
    /** Where the member starts in the pack, in bytes. */
    offset: number;
    /** The member's size in the pack, in bytes. */
    length: number;
    /** The checksum of the packed member. */
    crc32: number;
    /** Whether the bytes are not UTF-8, as source must be. */
    isBinary?: true;
}
/** What a report has about one generated file of a build. */
interface ReportedFile {
    /** Relative to `outDir`, with forward slashes. */
    path: string;
    /** The output folder, relative to the project's root, with forward slashes; `''` is the root itself. */
    outDir: string;
    debugId: string;
    /** Absent where maps stay in the output and go nowhere else, so that the vault has nothing to do. */
    code?: BlobRef;
    map?: BlobRef;
    /** Why stacks of this file cannot be read: no map, or one that does not parse. Absent when they can. */
    problem?: string;
    /** Where its comment leads, by the option `link`. */
    link?: string;
    /** What other tools made of it after it was sealed. Absent where it ships with the bytes that were sealed. */
    fate?: Fate;
}
/**
 * - `shifted`: our code stands elsewhere in the file, or text stands around it; the map follows it
 * - `inlined`: the file is a page or a script that holds our code; the map is one of the whole file
 * - `copied`: a file that the build did not seal, with the bytes of one that it did
 * - `compressed`: only a compressed copy ships
 * - `rewritten`: its positions are others, so it cannot be decoded
 * - `gone`: it is no longer in the output
 */
type Fate = 'shifted' | 'inlined' | 'copied' | 'compressed' | 'rewritten' | 'gone';
/** The same, as its build record keeps it. */
interface FileRecord extends ReportedFile {
    code: BlobRef;
}
/** The state of one build's delivery to one destination. */
interface Delivery {
    state: 'pending' | 'delivered' | 'failed';
    /** ISO 8601, UTC: when the state was last written. */
    at: string;
    /** Artifacts that the destination acknowledged. */
    artifacts?: number;
    /** How many of them it had acknowledged for an earlier part of the build: another bundler run of the same command. */
    earlier?: number;
    /** Those that the destination has of a delivery that failed: what {@link artifactKey} makes of each. They are not sent again. */
    held?: string[];
    /** For people; never holds a token. */
    message?: string;
}
/** One build's JSON in the vault. */
interface BuildRecord {
    /** Sorts by time: `20261121T101500123Z-9f3c21ab`. */
    id: string;
    /** The version of this format. */
    version: 1;
    /** ISO 8601, UTC. */
    createdAt: string;
    /**
     * `open`: written before any map left the output, and the build has not ended. `failed`: it ended with an error. Absent
     * once the build has ended well.
     */
    state?: 'open' | 'failed';
    /** The processes that have not ended their part: `<pid>.<hostname>`, with a space between two. */
    openedBy?: string;
    /** The project that was built, as `projectName` gives it. With the output folders of `files` it identifies the app. */
    project?: string;
    /** The value of `MAPSEAL_BUILD`: processes that share it add to one record. */
    command?: string;
    release?: Release;
    commit?: Commit;
    /** What stands before each path in the URLs of its files, instead of what a destination's options say. */
    urlPrefix?: string;
    /** Slugs of the projects it belongs to on the server that it was uploaded to. */
    projects?: string[];
    files: FileRecord[];
    /** Scripts that were in the output folders at the end and that this build did not make. */
    others?: OtherScript[];
    /** By the destination's name. */
    deliveries: Record<string, Delivery>;
}
/** A script that another tool copied or wrote into an output folder, such as a service worker: it has no debug ID. */
interface OtherScript {
    outDir: string;
    path: string;
    sha256: string;
}
/** How a pack is made. */
interface PackOptions {
    /** Compress beside the event loop; for servers, since it takes half as much CPU time again. */
    isApart?: boolean;
    /** Pack as {@link Artifact.gzip}, not in zstd. @default true before Node 22.15, which has no zstd */
    isGzip?: boolean;
    /** The newest build, whose files are not stored again; for callers that know it already. */
    newest?(): Promise<BuildRecord | undefined>;
}
/** A build as the index of a vault has it. */
interface IndexedBuild {
    id: string;
    /** ISO 8601, UTC. */
    createdAt: string;
    /** When it was indexed, in ms. */
    at: number;
    release?: Pick<Release, 'name' | 'dist'>;
    /** The same for all builds of one project into the same folders. */
    app: string;
    /** The packs that its files are in. */
    packs: string[];
}
/** What builds hold, as it was when it was read. Some of them may have been forgotten since, so only their records are certain. */
interface BuildIndex {
    /** Newest first. */
    builds(): IndexedBuild[];
    /**
     * Builds that hold something, newest first; of two things with the same hash, those with either.
     *
     * @param kind the debug ID of a file, the name at the end of its path as `nameIn` gives it, the name of a release, or the
     *   16 digits at the end of an upload's ID
     */
    find(kind: 'id' | 'name' | 'release' | 'upload', value: string): Promise<IndexedBuild[]>;
}
/** Bytes that several ask for at about the same time, so that they are made and held once. */
interface Recent {
    /** Those of this digest. */
    get(sha256: string, make: () => Bytes): Bytes;
}
/** The store of artifacts and of what was delivered. Blobs are immutable; records are replaced whole. */
interface Vault {
    /** For people: the folder or the URL. */
    location: string;
    /** Begins to take in a build's artifacts. */
    newPack(options?: PackOptions): Pack;
    /** Writes or replaces a build's record; its packs are committed before. */
    record(build: BuildRecord): Promise<void>;
    /**
     * Changes a record, so that no other process's change of it is lost.
     *
     * @param change gives the new record for the one that is there, or that same one, or undefined, where there is nothing to
     *   change. It may be called several times, also on what it gave before
     * @returns what `change` gave last
     * @throws MapsealError if the vault cannot be written, or the record cannot be read
     */
    amend(id: string, change: (build: BuildRecord | undefined) => BuildRecord | undefined): Promise<BuildRecord | undefined>;
    /**
     * The ID of the build that the processes of one command add to: the first to come gives it. In a store without conditional
     * writes each process has its own.
     *
     * @param id the one to take where there is none, or where it is `replaced`
     */
    claim(command: string, id: string, replaced?: string): Promise<string>;
    /**
     * One build's record as it is now; undefined where there is none. An unreadable one is passed to `onUnreadable`.
     *
     * @throws MapsealError that names it if it is unreadable, where nothing is called for that
     */
    find(id: string, onUnreadable?: (file: string, cause: unknown) => void): Promise<BuildRecord | undefined>;
    /** The record of the newest build; undefined if there is none, or if it cannot be read. */
    newest(): Promise<BuildRecord | undefined>;
    /** All records, newest first. An unreadable one is passed to `onUnreadable` and skipped. */
    records(onUnreadable?: (file: string, cause: unknown) => void): Promise<BuildRecord[]>;
    /** What its builds hold, without reading their records. One that cannot be read and is not in the index is passed to `onUnreadable`. */
    index(onUnreadable?: (file: string, cause: unknown) => void): Promise<BuildIndex>;
    /** Records with a pending delivery, newest first. */
    pending(onUnreadable?: (file: string, cause: unknown) => void): Promise<BuildRecord[]>;
    /** One blob's bytes, decompressed and checked against its name. @throws MapsealError if absent or damaged. */
    read(blob: BlobRef): Promise<Bytes>;
    /**
     * The artifacts of a build, one at a time.
     *
     * @param recent shared with others who read the same build now, so that each file is unpacked once. None may change the bytes
     */
    artifacts(build: BuildRecord, recent?: Recent): AsyncIterable<Artifact>;
    /** Deletes a build's record; its blobs go with the next `prune`. */
    forget(id: string): Promise<void>;
    /**
     * Forgets builds beyond the newest `retain` of each app, and the packs that only they named. A build stays while it has
     * a pending delivery, for a week, while its process runs, and if it was uploaded to a server.
     *
     * @returns a warning for each thing that went wrong; never throws, as the build itself is complete by then
     */
    prune(retain: number, options?: PruneOptions): Promise<string[]>;
}
interface PruneOptions {
    /** The ID of the build that prunes; it is never forgotten. */
    caller?: string;
    /** Prunes builds that were uploaded to a server, and no others. All of them count, whatever their age. */
    uploads?: boolean;
}
/** What a build adds to the vault. */
interface Pack {
    /** Stores an artifact's bytes, unless the vault has them, and says what a build record needs to find them again. */
    put(artifact: Artifact): Promise<Pick<FileRecord, 'code' | 'map'>>;
    /** Makes durable what was put so far. More may follow. */
    commit(): Promise<void>;
    /** Drops what was put since the last commit, for a build that failed. */
    discard(): Promise<void>;
}
/** A run-time global that the snippet fills: `global[stack] = entry`. */
interface Registry {
    /** Such as `_sentryDebugIds`: an ASCII identifier. */
    global: string;
    /** The value for one file, as JSON can hold it. @default the debug ID itself */
    entry?: (debugId: string, release?: Release) => unknown;
}
interface Logger {
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
}

interface HttpRequest {
    method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    headers?: Record<string, string>;
    body?: Bytes | string | StreamedBody;
    /**
     * Statuses besides 2xx that are answers, not errors: they are returned, and not retried.
     * @default []
     */
    accept?: number[];
    /** Secrets in the body, which no error shows. Those in headers and in the URL are found without. */
    secrets?: string[];
    /** What a server answers if all is well, for dry runs: where a later request depends on it. As JSON. */
    sample?: unknown;
}
/** A body that need not be in memory whole. Its pieces are requested anew at each try. */
interface StreamedBody {
    /** In bytes. */
    size: number;
    /** @throws MapsealError when they cannot be read, which ends the exchange */
    pieces(): Iterable<Bytes>;
}
interface HttpResponse {
    status: number;
    /** Case-insensitive. */
    header(name: string): string | undefined;
    text: string;
    /** @throws MapsealError that says what came instead, such as a proxy's HTML */
    json(): unknown;
}
/**
 * The one HTTP client of all destinations: keep-alive, proxies, private CAs, time limits, retries. Resolves with a 2xx (or
 * accepted) answer. @throws HttpError otherwise, after retrying what may pass; nothing in it holds a secret
 */
type Fetch = (url: string, request?: HttpRequest) => Promise<HttpResponse>;
/** The user's settings for connections to destinations and the vault. */
interface Network {
    ca?: string | string[] | undefined;
    allowInsecure?: boolean;
}
/** Opens the client, at the first request. */
type Connect = (signal: AbortSignal, network: Network) => Promise<{
    fetch: Fetch;
    close(): Promise<void>;
}>;

/** What a destination returns once the server has confirmed the delivery. */
interface DeliveryReport {
    /** How many artifacts it now holds, those it already had among them. */
    artifacts: number;
    /** For people, for the summary line. */
    message?: string;
}
interface DeliveryContext {
    fetch: Fetch;
    signal: AbortSignal;
    logger: Logger;
    /** Whether the destination had other files of this build, and its release, before. */
    isAddition?: boolean;
    /** PEM certificates to trust besides the default ones, for clients of a destination's own; `fetch` does. */
    ca?: Network['ca'];
    /** Maximum files in memory at a time: the destinations of a build share what there is. @default 6 */
    parallel?: number;
    /**
     * Nothing is to be changed anywhere: `fetch` prints requests, and answers each with its `sample`. What is done without `fetch` has to
     * look at this.
     */
    isDryRun?: boolean;
    /** Called as bytes are acknowledged; for the progress line. */
    onProgress?: (sentBytes: number, totalBytes: number) => void;
    /** Called as a single artifact is acknowledged. If the delivery fails later, it is not sent again. */
    onHeld?: (artifact: Pick<Artifact, 'path' | 'debugId'>) => void;
    /** The URLs of a file from its path, by the option `urls`; absent without it. */
    urls?: (path: string) => string[];
}
/** A rollout of a release. */
interface Deploy {
    release: string;
    environment: string;
    name?: string;
    url?: string;
    /** ISO 8601. */
    started?: string;
    finished?: string;
}
/** Which commits a release holds. */
type SetCommits = ({
    /** Find the repository and the commits: by git, else by what the CI system says. */
    auto: true;
} & CommitLeniency) | ({
    /** Its name at the server, such as `acme/shop`. */
    repository: string;
    /** A hash, or what git makes one of, such as `HEAD` or a tag. */
    commit: string;
    /** The last commit of the release before. @default what the server knows of it */
    previousCommit?: string;
} & CommitLeniency) | false;
interface CommitLeniency {
    /**
     * Take the newest 20 commits where the previous release's last one is not in the history, rather than fail.
     * @default false
     */
    ignoreMissing?: boolean;
    /**
     * Say nothing where there is no commit since the previous release.
     * @default false
     */
    ignoreEmpty?: boolean;
}
/** A release as the vendor has it; dates are ISO 8601. */
interface KeptRelease {
    version: string;
    created?: string;
    /** Absent until it is finalized. */
    released?: string;
}
/** What a vendor keeps of releases besides artifacts, for `mapseal release`. All throw where the server refuses. */
interface ReleaseKeeping {
    create(version: string, fields: {
        url?: string;
        isFinal?: boolean;
    }, context: DeliveryContext): Promise<void>;
    /** @returns what was set, for people; undefined if nothing was */
    setCommits(version: string, setting: SetCommits, context: DeliveryContext): Promise<string | undefined>;
    /** @param fields `date` is ISO 8601, by default now */
    finalize(version: string, fields: {
        url?: string;
        date?: string;
    }, context: DeliveryContext): Promise<void>;
    /** Newest first. */
    list(context: DeliveryContext): Promise<KeptRelease[]>;
    /** The names of the files that are found by this release. */
    files(version: string, context: DeliveryContext): Promise<string[]>;
    /** The environments it was deployed to, newest first. */
    deploys(version: string, context: DeliveryContext): Promise<{
        environment: string;
        finished?: string;
    }[]>;
}
/** Where artifacts are delivered; the value that a factory such as `directory()` returns. */
interface Destination {
    name: string;
    /** Tells apart destinations of one name, such as two projects of one vendor; holds no secret. */
    identity?: string;
    /** The run-time globals that the snippet must fill for this vendor. */
    registries?: Registry[];
    /**
     * What has to be set before it can deliver, such as a token, in sentences for people; undefined if nothing is missing. Outside
     * CI a build then passes the destination over: a developer's machine has no token, and none of its builds is to wait for one.
     */
    lacks?(): Promise<string | undefined>;
    /**
     * Run-time globals that every script sets when it starts, by their names. The values are what JSON can hold,
     * or a function that makes one of the file's debug ID. They are part of the file: its name and its debug ID depend on them.
     */
    globals?: Record<string, unknown>;
    /** The same for the script that carries the release; other scripts stay as they are from release to release. */
    releaseGlobals?: (release: Release) => Record<string, unknown>;
    /** Adds to the snippet alone: nothing is delivered, nor recorded as pending. */
    isSnippetOnly?: boolean;
    /** Sends {@link Artifact.gzip} as it is. Builds for it are packed so; those of others in zstd, where Node has it. */
    sendsGzip?: boolean;
    /**
     * The URLs in stacks for which the vendor takes the map of a script, from its path; `*` is any text. Absent where it goes by debug
     * ID. @throws MapsealError as `deliver` does, where it cannot know
     */
    matches?(path: string, build: BuildRecord, context: Pick<DeliveryContext, 'urls'>): string[];
    /** @throws when the artifacts have not arrived; the pipeline alone decides what that means for the build. */
    deliver(build: BuildRecord, artifacts: AsyncIterable<Artifact>, context: DeliveryContext): Promise<DeliveryReport>;
    /** Marks a rollout, where the vendor keeps them. */
    deploy?(deploy: Deploy, context: DeliveryContext): Promise<void>;
    /** Releases by hand, where the vendor keeps them. */
    releases?: ReleaseKeeping;
}

/** Where scripts are loaded from: what stands before each path, or a function from a path to one URL or several. */
type Urls = string | ((path: string) => string | string[]);

type SecretsPolicy = 'warn' | 'fail' | 'redact' | 'ignore';

/**
 * - `keep`: as the bundler has it
 * - `fill`: what is missing is read from the disk
 * - `omit`: maps have positions and names alone
 */
type SourcesContent = 'keep' | 'fill' | 'omit';

/** Where scripts say that their source maps are: a URL with `{debugId}` or `{path}` in it, or a function that makes one. */
type Link = string | ((script: LinkedScript) => string | undefined);
interface LinkedScript {
    /** Relative to the output folder, with forward slashes. */
    path: string;
    debugId: string;
}

/** What a user may write; all of it optional. */
interface Options {
    /**
     * `false` switches the plugin off: the output is byte-identical to a build without it.
     * @default true
     */
    enabled?: boolean;
    /**
     * The name of this version, or its name and `dist` (which of its builds this is); `false` for none.
     * @default `MAPSEAL_RELEASE`, `SENTRY_RELEASE`, the CI's commit variable, then `git rev-parse HEAD`
     */
    release?: string | {
        name?: string;
        dist?: string;
    } | false;
    /**
     * Where source maps are delivered, besides the vault.
     * @default []
     */
    destinations?: Destination[];
    /**
     * Where the scripts of the output are loaded from, for destinations that find maps by URL: what stands before each path, or a
     * function from a path to one URL or several. Each destination has an option of this name too, which goes before this one.
     * @default none
     */
    urls?: Urls;
    /**
     * A public comment to a private place, for developer tools: where each script says that its source map is. A URL with `{debugId}`
     * or `{path}` in it, or a function that makes one.
     * @default none
     */
    link?: Link;
    /**
     * `'later'` leaves delivery to `mapseal flush`.
     * @default 'now'
     */
    deliver?: 'now' | 'later';
    /**
     * Print the requests that would deliver the build, without secrets, and send none: the deliveries stay pending.
     * @default false
     */
    dryRun?: boolean;
    /**
     * `'sealed'` takes the source maps out of the output; `'keep'` leaves them beside the code, hidden, for those who
     * serve them privately; `'configured'` leaves those that the bundler's own setting asks for, and seals the others.
     * @default 'sealed'
     */
    output?: 'sealed' | 'configured' | 'keep';
    /**
     * Which scripts of the output are sealed: globs relative to the output folder, with forward slashes.
     * @default all
     */
    include?: string | string[];
    /**
     * Which of these are left as they are, without snippet and debug ID: globs as for `include`.
     * @default none
     */
    exclude?: string | string[];
    /**
     * Files whose source may be public, such as a third party's scripts that are copied with their maps: globs as for `include`. They
     * are left as they are, and not reported.
     * @default none
     */
    allow?: string | string[];
    /**
     * What a failed delivery, or source left in the output, means for the build. A function gets the error; the build fails if it
     * throws.
     * @default 'fail' in CI, else 'warn'
     */
    onError?: 'fail' | 'warn' | ((error: Error) => void);
    /**
     * What secrets mean that stand in the source, before source maps leave this machine: keys and tokens that have a form of their own,
     * and values of `.env` files. `'redact'` overwrites them in source maps.
     * @default 'warn'
     */
    secrets?: SecretsPolicy;
    /**
     * The text of original files in the source maps of the vault and of destinations: as the bundler has it, filled in from the disk where
     * it is missing, or left out.
     * @default 'keep'
     */
    sourcesContent?: SourcesContent;
    /**
     * The vault: a folder, or `s3://bucket/prefix` in any S3-compatible storage.
     * @default `MAPSEAL_VAULT`, else `.mapseal` beside the nearest lock file or `package.json`
     */
    vault?: string;
    /**
     * How many builds of each app the vault keeps. An app is a project and the folders it is built into. A build that is
     * younger than a week, has a pending delivery or was uploaded to a server is always kept.
     * @default 20
     */
    retain?: number;
    /**
     * Certificates that the servers of destinations and of the vault may have besides those that Node trusts, as PEM text.
     * @default `NODE_EXTRA_CA_CERTS` alone
     */
    ca?: string | string[];
    /**
     * Whether to deliver over plain `http:` to other machines; tokens and source can then be read on the way.
     * @default false
     */
    allowInsecure?: boolean;
    /** A file to which the report of the build is written as JSON. */
    report?: string;
    /**
     * Where lines for people go.
     * @default stderr
     */
    logger?: Logger;
}
/** {@link Options}, complete. After this, no code checks whether an option was set. */
interface ResolvedOptions {
    enabled: boolean;
    release: {
        name: string | undefined;
        dist: string | undefined;
    } | false;
    destinations: Destination[];
    urls: Urls | undefined;
    link: Link | undefined;
    deliver: 'now' | 'later';
    dryRun: boolean;
    output: 'sealed' | 'configured' | 'keep';
    /** Undefined for all scripts. */
    include: string[] | undefined;
    exclude: string[];
    allow: string[];
    onError: 'fail' | 'warn' | ((error: Error) => void);
    secrets: SecretsPolicy;
    sourcesContent: SourcesContent;
    vault: string | undefined;
    retain: number;
    ca: string | string[] | undefined;
    allowInsecure: boolean;
    report: string | undefined;
    logger: Logger;
}
/** Resolved options, and what the surroundings add to them. */
interface ConnectedOptions extends ResolvedOptions {
    connect?: Connect;
    /** See `BuildRecord`. */
    urlPrefix?: string;
    /** Whether another tool may have restored the output from its cache: what the newest record has all of is not recorded again. */
    mayBeRestored?: boolean;
    /** Whether a folder that is sealed stays as it is. */
    isRehearsal?: boolean;
    /** Whether source maps of a folder lose their sections, and get the sources that they lack. */
    rewrite?: boolean;
}

/** By destination and path: the URLs in stacks for which it takes the map. Only of those that go by URL. */
type UrlPreview = Record<string, Record<string, string[]>>;

/** A place in an output folder that shows source to anyone who requests it. */
interface Leak {
    /** Below the folder, with forward slashes. */
    path: string;
    kind: 'map file' | 'sourceMappingURL' | 'inline map' | 'eval' | 'vault';
}

/** What a build came to; written as JSON by the `report` option and by `--json`. */
interface Report {
    build: Omit<BuildRecord, 'files'> & {
        files: ReportedFile[];
    };
    /** The vault's folder or URL, where something was stored. */
    vault?: string;
    scripts: number;
    /** Scripts whose stacks can be read: they have a map that is a map. */
    decodable: number;
    /** By output folder, relative to the project's root; `isExcluded` where the options leave the script as it is. */
    leaks: (Leak & {
        outDir: string;
        isExcluded?: true;
    })[];
    /** By destination and path: the URLs in stacks for which it takes the map. Absent where none goes by URL. */
    urls?: UrlPreview;
    /** How long our own work took. */
    seconds: number;
}

/** The build is done, and reported, but `onError` stops it. */
declare class StoppedError extends MapsealError {
    #private;
    name: string;
    constructor(report: Report, failures: string[]);
    get report(): Report;
}

/** {@link sealFolders}, for one. */
declare function sealFolder(dir: string, options?: Options, root?: string, connect?: Connect): Promise<Report>;
/**
 * Seals folders that any tool built, as one build: the same line as the plugins, after the fact. Every map goes into the
 * vault before the script that needs it is rewritten, and out of its folder last, so that a kill loses nothing and a second
 * run finishes the work. File names do not change, and links are not followed.
 *
 * @param dirs none of them in another
 * @param root the project's folder, for the vault and for git
 * @param traits see `ConnectedOptions`
 * @throws MapsealError where one is not a folder or the vault cannot be written
 */
declare function sealFolders(dirs: string[], userOptions?: Options, root?: string, connect?: Connect, traits?: Pick<ConnectedOptions, 'urlPrefix' | 'mayBeRestored' | 'isRehearsal' | 'rewrite'>): Promise<Report>;

/**
 * Notes the files of a project before a build.
 *
 * @returns finds the outermost output folders, relative to `root`, in which source maps or links to them were written since
 */
declare function watchForMaps(root: string): Promise<() => Promise<string[]>>;

/** A place where an output folder breaks an invariant. */
interface CheckProblem {
    /** Below the folder, with forward slashes. */
    path: string;
    /**
     * Sealed: it reveals source. Identified: a script lacks its own debug ID. Exact: a map is missing or does not fit. Intact: a
     * digest or a compressed copy is not of the file as it is.
     */
    invariant: 'sealed' | 'identified' | 'exact' | 'intact';
    /** For people. */
    message: string;
    /** In the script, where it is about one mapping: lines from 1, columns from 0. */
    line?: number;
    column?: number;
}
interface CheckOptions {
    /** Where the maps are that scripts are compared with. */
    vault?: Vault | undefined;
    /** Called for each build record in it that cannot be read. */
    onUnreadable?: (file: string, cause: unknown) => void;
    /** Globs below the folder: files that are passed over altogether. */
    ignore?: string[] | undefined;
    /**
     * Scripts that the build leaves as they are: they need no debug ID, but may not reveal source either. And whether it leaves
     * maps in the output, where they are allowed then, but no link to them; and where scripts are meant to lead.
     */
    selection?: Pick<ResolvedOptions, 'include' | 'exclude' | 'allow'> & Partial<Pick<ResolvedOptions, 'output' | 'link' | 'urls'>>;
    /** Reads every mapping of each map a second time, with Mozilla's `source-map`; needs a vault. */
    isDeep?: boolean;
    /** Called after each map that was read a second time; the folder has so many scripts. */
    onCompared?: (deep: DeepCheck, scripts: number) => void;
}
interface DeepCheck {
    maps: number;
    mappings: number;
}
interface CheckResult {
    files: number;
    scripts: number;
    problems: CheckProblem[];
    /** Scripts that the build made no map of, such as those that another tool writes: listed, but not a problem. */
    withoutMap: string[];
    /** Symbolic links, which are not followed: listed, but not a problem. Absent where there are none. */
    links?: string[];
    /** What was read a second time. */
    deep?: DeepCheck;
}
/**
 * Whether an output folder is sealed and each of its scripts identified, and with a vault also whether each map is there,
 * valid and within its file, and whether digests and compressed copies fit. Links are not followed, and of `node_modules` only
 * source maps are found.
 *
 * @throws MapsealError if `dir` is not a folder, there is nothing in it to check, or the second reader is not installed
 */
declare function checkFolder(dir: string, options?: CheckOptions): Promise<CheckResult>;

/**
 * The map with other names for its originals, in sections too; nothing else of it is read.
 *
 * @param rename gets each name as the map has it, without its `sourceRoot`
 * @param isJoined whether a `sourceRoot` is to be put before each name, and left out
 * @throws SyntaxError where the map is not JSON
 */
declare function renameSources(map: Buffer, rename: (source: string) => string, isJoined?: (sourceRoot: string) => boolean): Buffer;

/**
 * What sentry-cli calls rewriting: a map without sections, and with the contents of sources that are on this disk.
 *
 * @param file where the map is, absolute
 * @throws SyntaxError where it is not a source map
 */
declare function rewriteMap(map: Buffer, file: string): Promise<Buffer>;

/** One way in which a source map departs from ECMA-426. */
interface MapProblem {
    /** Where: `sources[2]`, `sections[1].map.mappings line 3, segment 2` (lines and segments from 1). */
    path: string;
    message: string;
}

/** Lines from 1, columns from 0. */
interface GeneratedPosition {
    line: number;
    column: number;
}

interface MapInspection {
    /** Empty for a valid map. */
    problems: MapProblem[];
    /** The last generated position that has a mapping. */
    last?: GeneratedPosition;
}
/** How a source map departs from ECMA-426, strictly read; at most `limit` problems, none for a valid map. */
declare function validateMap(bytes: Bytes, limit?: number): MapProblem[];
/** `validateMap`, and how far into the generated file the mappings reach. */
declare function inspectMap(bytes: Bytes, limit?: number): MapInspection;

/**
 * Bytes under keys: what a vault is kept in. Keys are ASCII with forward slashes, such as `builds/1.json`; none is the
 * folder of another. Of two writers of one key the last wins, so a key names its content, belongs to one writer, or is changed
 * by `update` alone.
 */
interface Store {
    /** For people: the folder or the URL. */
    location: string;
    /** Whether reading costs so little that what a build refers to again is compared first. @default false */
    isLocal?: boolean;
    /** Undefined where there is nothing under the key. Of a range, what there is of it. */
    get(key: string, range?: Range): Promise<Buffer | undefined>;
    /** Writes or replaces, whole or not at all: a reader, meanwhile or after a crash, sees all of the bytes or none. */
    put(key: string, bytes: Uint8Array): Promise<void>;
    /**
     * Replaces what is under a key, so that no other process's `update` of it is lost.
     *
     * @param change gives the new bytes for those that are there, or undefined to leave them. It may be called several times,
     *   also on what it gave before, and changes nothing else
     */
    update(key: string, change: (bytes: Buffer | undefined) => Uint8Array | undefined): Promise<void>;
    /** Whether `update` holds between processes; a store without conditional writes cannot. @default true */
    isExclusive?(): Promise<boolean>;
    /** As `put`, of bytes that come in pieces: nothing is under the key before `commit`. */
    create(key: string): StoreWriter;
    has(key: string): Promise<boolean>;
    /**
     * As `has`, and what is there counts as written now, or nearly, so that pruning by age spares it.
     *
     * @param least false too where there are fewer bytes: such an object is damaged. @default 0
     */
    touch(key: string, least?: number): Promise<boolean>;
    /**
     * Everything below `prefix`, which ends in a slash, ascending by key. What comes and goes meanwhile may be in it.
     *
     * @param after leaves out the keys up to this one, which costs less than to list them
     */
    list(prefix: string, after?: string): AsyncIterable<StoredKey>;
    /** What is not there is fine. */
    delete(key: string): Promise<void>;
    /** Clears away what killed writers left behind. Absent where they leave nothing. */
    tidy?(): Promise<void>;
    /** What `tidy` would clear away, for people; absent where that cannot be listed. */
    abandoned?(): Promise<string[]>;
}
/** In bytes. */
interface Range {
    offset: number;
    length: number;
}
interface StoreWriter {
    append(bytes: Uint8Array): Promise<void>;
    commit(): Promise<void>;
    /** Instead of `commit`. */
    discard(): Promise<void>;
}
interface StoredKey {
    key: string;
    modified: Date;
}

/** Something in a vault that is broken. */
interface VaultProblem {
    /** The record or the pack: a path, or a URL. */
    path: string;
    /** What is wrong, as the end of a sentence that begins with the path. */
    message: string;
    /** IDs of the builds that it concerns, newest first. */
    builds: string[];
    /** Paths of their files that cannot be read. */
    files: string[];
}
interface VerifiedVault {
    vault: string;
    builds: number;
    packs: number;
    /** Read and compared, before unpacking. */
    bytes: number;
    problems: VaultProblem[];
    /** Packs that no build names: of builds that were killed, or that still run. */
    unreferenced: string[];
    /** Temporary files that killed writers left behind. */
    abandoned: string[];
}
/**
 * Reads everything in a vault and compares it with what its records say: each record parses, each pack is there with every
 * file and map under its checksums, each map parses that a build did not find at fault itself, and each part of the index is
 * what its name says. Changes nothing.
 *
 * @param onProgress is called with bytes of packs, read and in all
 */
declare function verifyVault(store: Store, onProgress?: (done: number, total: number) => void): Promise<VerifiedVault>;

export { StoppedError, checkFolder, findFolders, inspectMap, renameSources, rewriteMap, sealFolder, sealFolders, validateMap, verifyVault, watchForMaps };
export type { CheckOptions, CheckProblem, CheckResult, DeepCheck, MapProblem, VaultProblem, VerifiedVault };
