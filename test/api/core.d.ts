import { Hash } from 'node:crypto';

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
/** The URLs of a script, as browsers show them in stacks; none where the function gives none. @param path relative to the output folder */
declare function resolveUrls(urls: Urls, path: string): string[];

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
/** @throws MapsealError for an option that is unknown, of the wrong type or contradictory. */
declare function resolveOptions(options?: Options, env?: NodeJS.ProcessEnv): ResolvedOptions;

/** How a build is configured to make source maps, in terms that all bundlers share. */
type MapSetting = 'unset' | 'off' | 'visible' | 'inline' | 'hidden';
interface MapDecision {
    /** `'hidden'` or `'off'`: switch to that; `'leave'`: touch nothing. */
    use: 'hidden' | 'off' | 'leave';
    /** Logged once a build; absent where there is nothing to report. */
    message?: string;
    level: 'info' | 'warn';
}
/** The options of a build whose bundler is configured so: with `'configured'`, maps that the setting asks for are kept. */
declare function settleOutput<Given extends Pick<ResolvedOptions, 'output'>>(options: Given, setting: MapSetting): Given;
declare function isAskedFor(setting: MapSetting): boolean;
/**
 * | setting | a build | watch mode |
 * |---|---|---|
 * | unset | hidden | left unset |
 * | off | left off, with a warning | left off |
 * | visible, inline | hidden, logged | off, logged |
 * | hidden | left | off, logged |
 *
 * In watch mode nothing is delivered, so a map could only stay in the output; it may unless that is to be sealed.
 *
 * @param name of the bundler's setting, for the message
 */
declare function decideMaps(setting: MapSetting, isWatch: boolean, name: string, output: ResolvedOptions['output']): MapDecision;

/**
 * Logs what was decided about source maps, unless another part of the same build has: outputs, environments and compilers
 * share a setting. A part that decides again belongs to a new build.
 *
 * @param root the project's folder
 * @param part names the part within the project, the same each time it is built
 */
declare function announceOnce({ message, level }: Pick<MapDecision, 'message' | 'level'>, logger: Logger, root: string, part: string): void;

/** The repository and commit that a CI system builds, by its variables. */
interface CiCommit {
    /** The system's name, for people. */
    system: string;
    /** `acme/shop`, or a URL of it. */
    repository: string;
    commit: string;
    /** The commit of the rollout before this one, where the system knows it. */
    previousCommit?: string;
}
type Env = NodeJS.ProcessEnv;
/** Finds the repository and commit of a build where its `.git` may be absent. Undefined where no system names both. */
declare function detectCommit(env?: Env): CiCommit | undefined;

/** What servers look for beside a file. */
declare const compressedEndings: string[];

/**
 * The release of a build: the option, else `MAPSEAL_RELEASE` or `SENTRY_RELEASE`, else the CI's commit variable, else
 * git's `HEAD`. Undefined where none of them names one.
 *
 * @param head the commit, where it is being read already
 */
declare function detectRelease(option: ResolvedOptions['release'], root: string, env?: NodeJS.ProcessEnv, head?: Promise<Commit | undefined> | undefined): Promise<Release | undefined>;

/** The map that a destination takes for a frame's URL, or why it takes none. */
type Match = {
    destination: string;
    by: 'debug ID' | 'URL';
    file: FileRecord;
} | {
    destination: string;
    by: 'nothing';
    reason: string;
};
/** What each destination does with a frame of a stack, by the frame's URL and the files of a build. */
declare function matchUrl(url: string, build: BuildRecord, destinations: Destination[], urls?: Urls): Match[];
/** By destination and path: the URLs in stacks for which it takes the map. Only of those that go by URL. */
type UrlPreview = Record<string, Record<string, string[]>>;

/** A place in an output folder that shows source to anyone who requests it. */
interface Leak {
    /** Below the folder, with forward slashes. */
    path: string;
    kind: 'map file' | 'sourceMappingURL' | 'inline map' | 'eval' | 'vault';
}
declare const scriptPattern: RegExp;
declare const stylePattern: RegExp;
declare const pagePattern: RegExp;
declare const mapPattern: RegExp;
/**
 * What is still public below `dir`: map files, and comments at the end of scripts and style sheets that lead to one.
 *
 * @param sealed sizes in bytes of files as they were sealed, by path: what still has its size is not read again
 * @param links URLs that scripts may lead to, by the option `link`
 */
declare function scanFolder(dir: string, sealed?: Map<string, number>, links?: Set<string>): Promise<Leak[]>;
/**
 * Every file below `dir`, with forward slashes, sorted. Links are not followed, so nothing outside is ever read or
 * changed; `node_modules`, vaults and hidden version control are not output.
 */
declare function listFiles(dir: string): Promise<string[]>;

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
/** A file name without the query or hash that some bundlers put into it. */
declare function bare(path: string): string;
/** The one line that ends a build. */
declare function summaryLine(report: Report, root: string): string;
declare function count(number: number, noun: string, plural?: string): string;

/** The texts that the scripts of a build get. */
interface Snippets {
    /** The text to inject, with or without the release's name. */
    snippet(carriesRelease: boolean): string;
    /** What a script lacks that another tool registers; undefined where that is nothing. */
    supplement(carriesRelease: boolean): string | undefined;
    /** Everything that is put into a script and does not depend on the script: what names that hold a hash depend on. */
    nameSeed(carriesRelease: boolean): string;
}
declare function createSnippets({ destinations, link }: Pick<ResolvedOptions, 'destinations' | 'link'>, release: Release | undefined): Snippets;
/** What names the release in a module of its own, which the bundler gives its name and its debug ID. */
declare function createReleaseModule({ destinations }: Pick<ResolvedOptions, 'destinations'>, release: Release | undefined): string;

/** One build: all its outputs make one record, one release and one delivery per destination. */
interface Session extends Snippets {
    release: Release | undefined;
    /** Where a script says that its map is; undefined where it says nothing. @throws MapsealError if that cannot be */
    link(path: string, debugId: string): string | undefined;
    /** Takes an ID for a file, by its absolute path; false where another file of the build has it. */
    takeId(debugId: string, file: string): boolean;
    /** Whether a file of this build has the ID. */
    hasId(debugId: string): boolean;
    /** Whether a file, by its absolute path, is the caller's: the first to ask owns it, so that a second instance is idle. */
    claim(file: string, owner: object): boolean;
    /** The map that an earlier build kept under this ID, for files that were sealed before. */
    earlierMap(debugId: string): Promise<Bytes | undefined>;
    /** Whether artifacts go into the vault: not where maps stay in the output and no destination wants them. */
    isStored(): boolean;
    /** Takes an artifact into the vault. @throws MapsealError where the vault cannot be written */
    add(outDir: string, artifact: Artifact, problem?: string): Promise<void>;
    /** Has a folder scanned at the end that may hold nothing which was added. */
    alsoScan(outDir: string): void;
    /** Reports what a file shows that was sealed for all that. */
    reveals(outDir: string, leak: Leak): void;
    /** The caller has just written these files, by absolute paths, as they were added, so that they need not be read again. */
    noteWritten(files: string[]): void;
    /** An output has no scripts, and is not meant to: it holds type declarations or data. */
    markScriptless(): void;
    /** The source maps of this folder stay in it, so they are no leaks. */
    markKept(outDir: string): void;
    /** The bundler hands this folder's files to its caller instead of writing them, so what is on the disk is not of this build. */
    markInMemory(outDir: string): void;
    /** The bundler writes to this folder, even if other outputs for it were handed over: Vite builds workers in memory. */
    markOnDisk(outDir: string): void;
    /** There is nothing to build, so a build without scripts is not reported. */
    expectNothing(): void;
    /** Has `look` called when a build that went well ends, with everything that takes part in it sealed. */
    beforeEnd(look: () => Promise<void>): void;
    /**
     * Makes durable what was added, with a record that names it; only then may maps leave the output.
     *
     * @throws MapsealError as `add`
     */
    commit(): Promise<void>;
}
/** One output's part in a session. */
interface Participation extends Session {
    /** Whether the options of this part have a script sealed; the folder of one that is not is scanned for leaks all the same. */
    selects(path: string, outDir?: string): boolean;
    /** Whether the options let the file's source be public, so that it is left alone. */
    allows(path: string): boolean;
    /** Whether its files are written. What else its bundler does is then not waited for when the next build begins. */
    markWritten(isWritten?: boolean): void;
    /**
     * The last to leave ends the build. One that failed is delivered by no one but `mapseal flush`, and only if its scripts are
     * on the disk. Further calls do nothing.
     *
     * @param isFollowed whether another part follows in this process, so that the build waits for it: as long as the process has
     * something left to do
     */
    leave(outcome: 'done' | 'failed', isFollowed?: boolean): Promise<Report | undefined>;
    /** Ends the build as failed for all that take part in it. */
    abort(): Promise<void>;
}
/**
 * Joins the build that is going on, or opens one. Outputs of one project with the same release and destinations are one
 * build while they overlap in time.
 *
 * @param root the project's folder, or one in it
 */
declare function joinSession(options: ConnectedOptions, root: string): Promise<Participation>;

/** Whether a file was written at this time or later. @param since milliseconds since 1970 */
declare function isWrittenSince(file: string, since: number): boolean;

/** Runs `work` over all items, at most `limit` at a time; results keep the items' order. The first error ends it. */
declare function mapLimit<Item, Result>(items: Iterable<Item>, limit: number, work: (item: Item) => Promise<Result>): Promise<Result[]>;

/**
 * Reads the options in `file`, else in the folder's own config file, else returns none.
 *
 * @throws MapsealError that names the file where it is missing, fails, or does not export options
 */
declare function loadConfig(cwd: string, file?: string): Promise<Options>;
/**
 * The options that a plugin was given over those in the folder's config file, as {@link loadConfig} finds it. It is read at
 * once: webpack and Rollup want a plugin at once too, and a wrong option then fails in the bundler's config.
 *
 * @throws MapsealError as `loadConfig`, and for a file with top-level `await`
 */
declare function withConfig(given?: Options, cwd?: string): Options;

interface DeliverOptions {
    vault: Vault;
    destinations: Destination[];
    logger: Logger;
    fetch: Fetch;
    signal: AbortSignal;
    ca?: Network['ca'];
    /** The option of this name. */
    urls?: Urls | undefined;
    /** By a destination's name: files of the build that it has, of an earlier part. @default none */
    delivered?: Map<string, BuildRecord['files']>;
}
/**
 * Delivers a build from the vault to all destinations in parallel and writes each result into its record as it
 * arrives. Never throws for a destination's sake: the record holds its failure, and the pipeline decides what that means.
 * What was delivered before is not sent again.
 *
 * @returns what destinations threw, by their names
 */
declare function deliverBuild(build: BuildRecord, options: DeliverOptions): Promise<Map<string, unknown>>;
/**
 * A client that connects at the first request, so that a build which delivers nothing over HTTP loads no HTTP code, and
 * closes when `work` is done. SIGINT and SIGTERM abort what is under way, let the record be written, and then do what they
 * do without us.
 */
declare function withClient<Result>(connect: Connect | undefined, work: (fetch: Fetch, signal: AbortSignal) => Promise<Result>, { ca, allowInsecure }?: Network): Promise<Result>;

interface DryRunOptions {
    vault: Vault;
    destinations: Destination[];
    logger: Logger;
    signal: AbortSignal;
    urls?: Urls | undefined;
}
/**
 * Prints what a delivery of a build would send, to each destination that has not got it, one after another. Nothing is sent, and the
 * deliveries stay pending. @throws what the destinations throw
 */
declare function dryRunBuild(build: BuildRecord, options: DryRunOptions): Promise<void>;

interface FlushReport {
    /** Builds that had pending deliveries, oldest first, as their records are now. */
    builds: Pick<BuildRecord, 'id' | 'release' | 'deliveries'>[];
    /** IDs of builds that were skipped because their process is still running; absent if there are none. */
    running?: string[];
    /** Destinations to which nothing more was sent, since it would have failed likewise; absent if there are none. */
    stopped?: StoppedDestination[];
}
/** A destination that lacks credentials, refuses them, or cannot be reached. */
interface StoppedDestination {
    destination: string;
    message: string;
    /** IDs of the builds that were not tried. */
    waiting: string[];
}
/**
 * Finishes the pending deliveries of every build in the vault, to those of the destinations that are given. Each record is
 * read again when its turn comes, so what another process has delivered meanwhile is not sent again. A destination that
 * cannot be reached, or refuses the credentials, is not tried with the builds that follow.
 */
declare function flushVault(options: DeliverOptions): Promise<FlushReport>;
/**
 * Drops the pending deliveries to some destinations, such as those of a machine without a token. The maps stay until newer
 * builds push them out. An unreadable record stays as it is.
 *
 * @returns how many deliveries were dropped
 */
declare function forgetPending(vault: Vault, destinations: string[], onUnreadable?: (file: string, cause: unknown) => void): Promise<number>;

/** Names an artifact in a build's record: its debug ID and its path, since copies of a script share the ID. */
declare function artifactKey({ path, debugId }: Pick<Artifact, 'path' | 'debugId'>): string;

/** Destinations that have not acknowledged the build. */
declare function pendingDestinations({ deliveries }: BuildRecord): string[];

interface Progress {
    report: NonNullable<DeliveryContext['onProgress']>;
    /** Wipes the bar away; lines stay. */
    end(): void;
}
interface Screen {
    isTTY?: boolean;
    write(text: string): unknown;
}
/**
 * How far a long delivery has come: a bar on a terminal, elsewhere a line every few seconds. A delivery that is over within
 * a second shows neither.
 */
declare function createProgress(name: string, logger: Logger, screen?: Screen, now?: () => number): Progress;

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
/** An HTTP exchange that failed for good; destinations branch on its status. */
declare class HttpError extends MapsealError {
    name: string;
    /** Absent where no answer came. */
    status: number | undefined;
    constructor(message: string, { part, ...options }?: {
        part?: string;
        status?: number | undefined;
        cause?: unknown;
    });
}
/** The message of whatever was thrown, to be part of another: without the prefix of our own errors. */
declare function reason(cause: unknown): string;

type Redact = (text: string) => string;
/**
 * Masks each secret in every spelling in which servers and libraries give it back: plain, percent, JSON and base64.
 *
 * @param secrets iterated for the first text: most requests have none to show
 */
declare function redactor(secrets: Iterable<string>): Redact;

/** Stands in the snippet until the debug ID is known; the same length, so that no column moves. */
declare const placeholderId = "00000000-0000-0000-0000-000000000000";
/**
 * The debug ID of a generated file: the first 16 bytes of
 * `sha256("mapseal/1\0" + path + "\0" + body)` as a UUID of version 8 (custom) and variant 10.
 * `body` is the file as it ships, snippet and all, with the ID itself as {@link placeholderId} and without the trailing
 * comment block. The name is in it because bundlers give identical chunks identical IDs; the map is not, because on the
 * Rollup family a file name cannot see the map.
 *
 * @param path below the output folder, with forward slashes
 */
declare function computeDebugId(path: string, body: (hash: Hash) => void): string;
/** The canonical form of an ID that a tool wrote (any case, dashes optional), or undefined if it is not a UUID. */
declare function normalizeDebugId(text: unknown): string | undefined;
/** What may be debug IDs in a text, each once. */
declare function debugIdsIn(text: string): string[];

/**
 * Whether a script is nothing but literals that it exports, as bundlers write a JSON module. Nothing in it can throw, so it stands
 * in no stack. Read token by token up to the first that does not fit. Bytes are read as latin1.
 */
declare function isExportedLiteral(code: string | Buffer): boolean;

/** Text put into one line of generated code. */
interface Insertion {
    /** From 1. */
    line: number;
    /** From 0, in UTF-16 units, of the place in the code before the insertion. */
    column: number;
    /** In UTF-16 units. */
    length: number;
}
interface InjectOptions {
    /** Below the output folder, with forward slashes. */
    path: string;
    /** From `createSnippet`. */
    snippet: string;
    /** For a file that another tool registers already: what that leaves out, such as the release. */
    supplement?: string | undefined;
    /** The ID in the file's map, if a tool wrote one there. */
    mapDebugId?: string | undefined;
    /** Takes an ID for this file; an ID is not adopted where another file of the build has it. */
    takeId?: (debugId: string) => boolean;
    /** Where the script is to say that its map is. */
    link?: ((debugId: string) => string | undefined) | undefined;
    /** Takes out what a later stage will change, such as webpack's provisional hashes, before the ID is computed. */
    neutralize?: (text: string) => string;
}
interface Injected<Code> {
    code: Code;
    debugId: string;
    /** Absent where the script already registers the ID. */
    insertion?: Insertion;
}
/**
 * Puts the snippet before the first statement, without a line break, and the debug ID into a comment at the end, in
 * place of whatever trailing comment block there was. An ID that a tool already wrote is adopted.
 * From bytes, only what must be read is decoded, as latin1, where an offset is a byte; only the column needs UTF-16.
 */
declare function inject<Code extends string | Buffer>(source: Code, options: InjectOptions): Injected<Code>;

/**
 * Where the first statement of a script begins: after BOM, hashbang, comments and the whole directive prologue.
 * `'use strict'`, `'use client'` and licence comments therefore stay first. Works on text and on bytes read as
 * latin1 alike; the offset counts in the same units.
 */
declare function prologueEnd(code: string): number;

/**
 * The text that registers a file at run time, with {@link placeholderId} for its debug ID. ES5, one line, ASCII, never
 * throws, begins and ends with `;`, and is safe inside an HTML `<script>`. `globalThis` is tried first because some
 * bundles declare `global` later, where reading it would throw.
 *
 * @param release for the file that carries it; the first to run names the page's release
 * @param globals what the file sets besides, by its name
 */
declare function createSnippet(registries: Registry[], release?: Release, globals?: Destination['globals']): string;

/** The trailing comment block of a script: everything after its last line of code. */
interface TrailingComments {
    /** Offset at which the code ends and the block begins. */
    bodyEnd: number;
    /** As written; not normalised. */
    debugId?: string;
    /** The target of `sourceMappingURL`, perhaps a `data:` URL. */
    mapUrl?: string;
}
/**
 * Walks backward over lines that are blank, `//# debugId=` or `//# sourceMappingURL=`, as ECMA-426 extracts a URL without
 * parsing. Text inside the code, such as an inlined worker or a template literal, that only looks like a comment is
 * never met. The last comment of a kind wins. Bytes are read as latin1, and no more of the end than it takes.
 */
declare function readTrailingComments(code: string | Buffer): TrailingComments;
/** The block to put in place of the one that {@link readTrailingComments} finds. */
declare function writeTrailingComments({ debugId, mapUrl, }: {
    debugId?: string | undefined;
    mapUrl?: string | undefined;
}): string;
/** The same for a style sheet, whose one comment may stand on its last line of rules. */
declare function readCssTrailingComment(source: string | Buffer): TrailingComments;

/** Lines for people go to stderr, so that stdout stays the bundler's. */
declare const stderrLogger: Logger;

/** Type declarations, which compilers and editors read and no engine runs. */
declare const declarationPattern: RegExp;
/**
 * Whether a source map is of a type declaration and names its sources by their paths alone. It leads an editor from a use to
 * the source, if that is published; it reveals none, and may stay.
 */
declare function isDeclarationMap(path: string, bytes: Buffer): boolean;

interface MapEdit {
    /** What was inserted into the generated file. */
    insertion?: Insertion | undefined;
    /** Written as `debugId` (ECMA-426) and `debug_id` (what Sentry reads), in place of what was there. */
    debugId?: string | undefined;
}
/** A map whose members have been found, once for all that is to be done with it; no value is parsed. */
interface OpenMap {
    /** What a tool wrote into it, if any. */
    debugId: string | undefined;
    /**
     * The edited map, or the map as it is and why it could not be edited: nothing is lost for being malformed.
     *
     * @param room a buffer that begins with the map and goes on: if the result fits, it is made there, without a copy
     */
    edit(edit: MapEdit, room?: Buffer): {
        map: Buffer;
        problem?: string;
    };
}
declare function openMap(map: Buffer): OpenMap;
/**
 * The same map with a few bytes spliced; nothing is parsed and nothing re-encoded.
 *
 * @throws SyntaxError if it is not JSON
 */
declare function editMap(map: Buffer, edit: MapEdit): Buffer;
/** As {@link OpenMap} does it. */
declare function editMapOrKeep(map: Buffer, edit: MapEdit, room?: Buffer): {
    map: Buffer;
    problem?: string;
};
/** The `mappings` string alone, for a map that a bundler holds as an object. */
declare function shiftMappingsText(mappings: string, { line, column, length }: Insertion): string;
/** The debug ID that a tool wrote into a map, if any; `undefined` also for what is not a map. */
declare function readMapId(map: Buffer): string | undefined;

/** The map of code that has no original. */
declare const emptyMap: Buffer;

declare const rewrittenProblem = "another tool rewrote it after it was sealed, and its source map no longer fits";
declare const outdatedMapProblem = "another plugin changed it after its source map had been made";
/** A script with its map. */
interface Mapped {
    code: string;
    map: Buffer;
}
/** The map of a script for what it has become, or why there is none. */
interface Followed {
    map?: Buffer;
    problem?: string;
}
/**
 * The map of a script for what another tool made of it, or why it no longer fits.
 *
 * @param debugId as it stands in the script
 */
declare function followChanges(map: Buffer, before: string, after: string, debugId: string): Followed;
/**
 * As {@link followChanges}, where the map was changed too: by the tool that changed the code, or by one that knew nothing of
 * that. Vite makes the maps of some scripts anew from those it has, whatever a plugin has done to the code. Where the code
 * is found again, the old map moved with it is right; the changed one is as good if it agrees, and may say more.
 */
declare function followBoth(before: Mapped, after: Mapped, debugId: string): Followed;
/** Whether places in the code have become others; what was put behind it or taken from its end moves none. */
declare function movesCode(before: string, after: string): boolean;
/** Whether lines have become others: what a change on a line, or behind the last, leaves where it was does not count. */
declare function movesLines(before: string, after: string): boolean;

/** The map inside a `data:` URL, or undefined where there is none. */
declare function inlineMap(url: string | undefined): Buffer | undefined;

/**
 * The script that a map is of, by what it says in its own `file`: a path from the map or from the folder, else a name that one
 * script alone has. Undefined where it is not certain.
 *
 * @param map its path
 * @param scripts paths of those without a map
 */
declare function scriptOf(map: string, file: string, scripts: string[]): string | undefined;
/** Whether a map lies within the code; one that reaches beyond it is another's of the same name. */
declare function fits(map: Buffer, code: string): boolean;

/** Whether a file named like a source map may be public: one of a type declaration, or no source map at all. */
declare function mayBePublic(path: string, bytes: Buffer): boolean;

/**
 * `sources` of a map, of which the first bytes are enough: what stands before them is not parsed. Undefined if they are not in these
 * bytes, or if the map has sections.
 */
declare function readSources(start: Bytes): (string | null)[] | undefined;

/** What a source map says of itself. */
interface MapShape {
    /** The `file` field: the generated file, relative to the map. */
    file?: string;
}
/** Whether a file of this name may be a source map by its content. */
declare function mayHoldMap(path: string): boolean;
/** Whether a file that begins like this may be a source map: most others need not be read any further. */
declare function mayBeMap(head: Buffer): boolean;
/**
 * Whether bytes are a source map by their content (ECMA-426), whatever the file is called; no large value is parsed.
 *
 * @param isMeantAsMap whether a name or a comment says so: then it need not be valid
 */
declare function readMapShape(bytes: Buffer, isMeantAsMap?: boolean): MapShape | undefined;

/**
 * The map without the originals of some sources: what leads to them leads nowhere.
 *
 * @param isDropped gets each name with the map's `sourceRoot`
 * @returns undefined where the map has none of them
 * @throws SyntaxError where it is not a source map
 */
declare function withoutSources(map: Buffer, isDropped: (source: string) => boolean): Buffer | undefined;

/** Quotes a text as one word of a shell command that users copy: folders may have spaces, and URLs of buckets `?` and `&`. */
declare function shellWord(text: string): string;

/** The known word nearest to a mistyped one, as ` Did you mean "x"?`, or nothing where none is near. */
declare function didYouMean(word: string, known: readonly string[]): string;

/**
 * Changes a record as it is now, not as it was when the caller read it: another process may have delivered, flushed or
 * forgotten since. One that was pruned meanwhile is not brought back.
 *
 * @param change gives the new record, or the same object where there is nothing to change; it may be called several times
 * @returns the record as it is then; undefined where there is none
 * @throws MapsealError where the vault cannot be written or the record cannot be read
 */
declare function amendRecord(vault: Vault, id: string, change: (build: BuildRecord) => BuildRecord): Promise<BuildRecord | undefined>;

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

/** A store in a folder, each key a file below it; `tmp/` holds what is being written. */
declare function folderStore(dir: string): Store;

/**
 * Packs bytes as a gzip member (RFC 1952) with a header of ten bytes. Large ones are deflated in pieces that begin afresh at
 * places which the content decides: where it did not change, nor do the compressed bytes, and need not be sent again. All end
 * with a last block of nothing, so that others can follow what is before it.
 *
 * @param isApart for a server, which has others to answer meanwhile
 */
declare function gzipMember(bytes: Bytes, isApart?: boolean): Promise<Buffer>;

/** The name at the end of a URL or a path, without query and fragment, decoded where possible; a folder's is that of its page. */
declare function nameIn(path: string): string;
/** The digest in the ID of an upload. */
declare function uploadOf(id: string): string | undefined;

/** The vault at `location`, relative to `root`; without one, `.mapseal` beside the nearest lock file or `package.json`. */
declare function openVault(location: string | undefined, root: string, network?: Network): Vault;
/** What that vault is kept in. */
declare function openStore(location: string | undefined, root: string, network?: Network): Store;
/**
 * What is in `folder` becomes public, and a vault holds the source. A folder that holds the project itself is not checked.
 *
 * @throws MapsealError where the vault is in it
 */
declare function refuseVaultIn(folder: string, location: string, root: string): void;
/** A location for people: as a path, where it is a folder below `root`. */
declare function shownLocation(location: string, root: string): string;
/**
 * The name of a project in build records, the same on every machine: the `name` of the nearest `package.json`, else the
 * project's folder relative to that of the nearest lock file. It tells the builds of apps apart that share a vault.
 */
declare function projectName(root: string): string;

/** This process, as `openedBy` of a build record names it. */
declare function processName(): string;
/** Whether a process that has a part of a build open runs on this machine; false where that is unknown. */
declare function isOpenerRunning(build: Pick<BuildRecord, 'openedBy'>): boolean;

declare function recordKey(id: string): string;
/** The ID of the build whose record is under a key; undefined if that is not a record. */
declare function recordIdOf(key: string): string | undefined;
/** Undefined if another process has pruned it meanwhile. @throws DamagedError that names it if it is not a record */
declare function readRecord(store: Store, key: string): Promise<BuildRecord | undefined>;

/** An object that comes in parts, each but the last of at least 5 MiB. Nothing is there before `complete`. */
interface S3Upload {
    /** In the order of the calls; several may be on their way. */
    add(part: Uint8Array): Promise<void>;
    complete(): Promise<void>;
    abort(): Promise<void>;
}

/** Objects below one prefix of a bucket. Every error names bucket and key, says what to do, and holds no secret. */
interface S3Bucket {
    /** For people. */
    url: string;
    /** Whether credentials are found the way all of Amazon's tools find them. @throws MapsealError if the SDK is not installed */
    hasCredentials(): Promise<boolean>;
    /** Undefined where there is none. Of a range, what there is of it. */
    get(key: string, range?: Range): Promise<Buffer | undefined>;
    /** One request, so that the object is there whole or not at all. */
    put(key: string, bytes: Uint8Array, contentType?: string): Promise<void>;
    /** An object with the tag of its content, by which `replace` knows it. Undefined where there is none. */
    getTagged(key: string): Promise<{
        bytes: Buffer;
        tag: string | undefined;
    } | undefined>;
    /**
     * As `put`, unless another has written it since.
     *
     * @param tag undefined where there was none
     * @returns whether it was written. A store without conditional writes always does
     */
    replace(key: string, bytes: Uint8Array, tag: string | undefined, contentType?: string): Promise<boolean>;
    /** For what is too large for memory, or for one request. */
    upload(key: string): Promise<S3Upload>;
    /** Ends the uploads below `prefix` that were begun more than `ms` ago, and that no process continues. */
    endUploads(prefix: string, ms: number): Promise<void>;
    /** Undefined where there is none. */
    head(key: string): Promise<{
        modified: Date;
        size: number;
    } | undefined>;
    /** Makes an object, of `size` bytes, as young as if just written; false where there is none, or where the store cannot. */
    renew(key: string, size?: number): Promise<boolean>;
    /** @param after leaves out the keys up to this one */
    list(prefix: string, after?: string): AsyncIterable<{
        key: string;
        modified: Date;
    }>;
    delete(key: string): Promise<void>;
}
interface S3Settings {
    /** Without a byte in either direction. @default 30 s */
    idleMs?: number;
    /** One exchange with all its tries, besides the time for its bytes. @default 60 s */
    exchangeMs?: number;
    /** Ends whatever is under way. */
    signal?: AbortSignal;
    ca?: Network['ca'];
}
/** Opens nothing yet: the SDK is loaded and credentials are looked for at the first request. @throws MapsealError for `location` */
declare function openBucket(location: string, settings?: S3Settings): S3Bucket;

/** A store in a bucket of any S3-compatible storage: `s3://bucket/prefix`. Without conditional writes `update` is not exclusive. @throws MapsealError */
declare function s3Store(location: string, { ca }?: Network): Store;

/**
 * A vault in a store:
 *
 *     packs/<name>       a build's files and maps, as far as the vault lacked them
 *     builds/<id>.json   build records
 *     index/<name>       parts of the index: what builds hold, without their records
 *     pending/<id>~<…>   a mark for each build with a pending delivery
 *     commands/<hash>    the build that the processes of one command add to
 *
 * Packs never change, so that readers need no lock, and writers only where they change the same record.
 */
declare function createVault(store: Store): Vault;

/** The version of every package, and part of the name of each file that esbuild writes. Set by `npm run release`. */
declare const version: string;

export { HttpError, MapsealError, amendRecord, announceOnce, artifactKey, bare, compressedEndings, computeDebugId, count, createProgress, createReleaseModule, createSnippet, createSnippets, createVault, debugIdsIn, decideMaps, declarationPattern, deliverBuild, detectCommit, detectRelease, didYouMean, dryRunBuild, editMap, editMapOrKeep, emptyMap, fits, flushVault, folderStore, followBoth, followChanges, forgetPending, gzipMember, inject, inlineMap, isAskedFor, isDeclarationMap, isExportedLiteral, isOpenerRunning, isWrittenSince, joinSession, listFiles, loadConfig, mapLimit, mapPattern, matchUrl, mayBeMap, mayBePublic, mayHoldMap, movesCode, movesLines, nameIn, normalizeDebugId, openBucket, openMap, openStore, openVault, outdatedMapProblem, pagePattern, pendingDestinations, placeholderId, processName, projectName, prologueEnd, readCssTrailingComment, readMapId, readMapShape, readRecord, readSources, readTrailingComments, reason, recordIdOf, recordKey, redactor, refuseVaultIn, resolveOptions, resolveUrls, rewrittenProblem, s3Store, scanFolder, scriptOf, scriptPattern, settleOutput, shellWord, shiftMappingsText, shownLocation, stderrLogger, stylePattern, summaryLine, uploadOf, version, withClient, withConfig, withoutSources, writeTrailingComments };
export type { Artifact, BlobRef, BuildIndex, BuildRecord, Bytes, CiCommit, Commit, CommitLeniency, Connect, ConnectedOptions, DeliverOptions, Delivery, DeliveryContext, DeliveryReport, Deploy, Destination, DryRunOptions, Fate, Fetch, FileRecord, FlushReport, Followed, HttpRequest, HttpResponse, IndexedBuild, InjectOptions, Injected, Insertion, KeptRelease, Leak, Link, LinkedScript, Logger, MapDecision, MapEdit, MapSetting, MapShape, Match, Network, Options, OtherScript, Pack, PackOptions, Participation, PruneOptions, Recent, Redact, Registry, Release, ReleaseKeeping, Report, ReportedFile, ResolvedOptions, S3Bucket, SecretsPolicy, Session, SetCommits, StoppedDestination, Store, StoredKey, StreamedBody, TrailingComments, Urls, Vault };
