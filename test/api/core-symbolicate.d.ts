/** How much of a generated file is from one source. */
interface SourceSize {
    /** Absent for code that the bundler wrote. */
    source?: string;
    /** Characters of generated code. */
    size: number;
}
/**
 * The sources of a generated file by their share of it, the largest first: each mapping counts up to the next one, or to the
 * end of its line. @param path of the generated file @throws SyntaxError where the map is broken
 */
declare function sourceSizes(map: Uint8Array, code: Uint8Array, path: string): SourceSize[];

/** A position in generated code, as an engine printed it. */
interface StackFrame {
    /** As the engine names it; absent for anonymous functions. */
    function?: string;
    /** True where the frame was resumed after an `await`: its position is not that of a call. */
    isAsync: boolean;
    url: string;
    /** From 1. */
    line: number;
    /** From 0 (stacks print it from 1); absent where the engine gave none. */
    column?: number;
}

/**
 * Characters that reading a stack has looked at. Stack text is hostile input to a server, so it is read by searches that are
 * counted, not by expressions that may turn back: a test holds the sum against the length of the text.
 */
interface Steps {
    count: number;
}

/**
 * A line of stack text. `native` is a frame without generated code, such as `at Array.map (<anonymous>)`; `text` is
 * everything that is not a frame: messages, causes, blank lines. `raw` is the line as it stood.
 */
type StackLine = {
    kind: 'frame';
    raw: string;
    frame: StackFrame;
} | {
    kind: 'native';
    raw: string;
} | {
    kind: 'text';
    raw: string;
};
/**
 * Reads the stack text of V8 (Chromium, Node, Deno), Bun, Hermes, SpiderMonkey (Firefox) and JavaScriptCore (Safari), also
 * several stacks in one text, as errors with causes and aggregate errors print them.
 *
 * @param steps counts the characters that were looked at
 */
declare function parseStack(text: string, steps?: Steps): StackLine[];

/** Debug IDs by the URL of the script, or the end of its path. */
type DebugIds = Record<string, string>;
/** Pairs that the text itself holds: `url=id`, `url: id`, `url id` or `"url": "id"`, several to a line. */
declare function inlineDebugIds(lines: StackLine[]): DebugIds;
/**
 * Finds the ID for a script: by its whole URL, else by the longest end of its path. Canonical, or as given if it is not a UUID.
 * There may be thousands of both, so no URL is held against every key.
 */
declare function debugIdFinder(debugIds: DebugIds): (url: string) => string | undefined;

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

/** Lines of an original source around a position. */
interface SourceContext {
    /** The number of the first of `lines`, from 1. */
    firstLine: number;
    lines: string[];
}

/** A position in an original source, and the function that it is in. */
interface OriginalCall {
    /** See `originalName` for where it comes from. */
    function?: string;
    source: string;
    /** From 1. */
    line: number;
    /** From 0. */
    column: number;
    /** Whether the map's `ignoreList` names the source: a library, or the bundler's own code. */
    isIgnored: boolean;
    /** Absent where the map does not hold the source. */
    context?: SourceContext;
}
/** Where a function's name is from, most trustworthy first; only the first two are sure to be the function's own. */
type NameSource = 'scopes' | 'source' | 'engine' | 'caller';
interface OriginalFrame extends OriginalCall {
    /** Absent where `function` is. */
    namedBy?: NameSource;
    /** The identifier at that position, where the map names it. */
    name?: string;
    /**
     * The calls around it that have no frame of their own because the bundler put the function's body in their place, the
     * innermost first; known from the map's `scopes` alone.
     */
    inlinedInto?: OriginalCall[];
}
type UnresolvedReason = 'unknown-file' | 'unknown-debug-id' | 'no-map' | 'unreadable-map' | 'no-column' | 'no-mapping' | 'too-large' | 'too-slow' | 'busy';
interface ResolvedLine {
    kind: 'original';
    raw: string;
    frame: StackFrame;
    original: OriginalFrame;
    /** The `id` of the build that was looked in; a server does not say it. */
    build?: string;
    /** The name of that build's release. */
    release?: string;
    /** The commit that was built; a server does not say it. */
    commit?: string;
    /** The file that was found, below the output folder. */
    path: string;
    /** That folder, relative to the project's root; a server does not say it. */
    outDir?: string;
    debugId: string;
}
interface UnresolvedLine {
    kind: 'unresolved';
    raw: string;
    frame: StackFrame;
    reason: UnresolvedReason;
    /** For people. */
    message: string;
}
type SymbolicatedLine = Exclude<StackLine, {
    kind: 'frame';
}> | ResolvedLine | UnresolvedLine;
interface Symbolicated {
    /** One for each line of the text, in order. */
    lines: SymbolicatedLine[];
    /** What a reader should know: names that several builds hold, a release that none has. For people. */
    notes: string[];
}

interface OriginalPosition extends OriginalCall {
    /** The identifier that stood there, where the map names it. */
    name?: string;
    /** Whether a mapping begins at exactly the requested position. */
    isExact: boolean;
    /**
     * The function around the position, from the map's `scopes` or the source; without `name` where it has none of its own, or
     * the position is outside of all. Absent where it is unknown.
     */
    enclosing?: {
        name?: string;
        from: 'scopes' | 'source';
    };
    /** Innermost first. */
    inlinedInto?: OriginalCall[];
}
interface MapReader {
    /** @param line from 1 @param column from 0 @param around source lines before and after it */
    at(line: number, column: number, around: number): OriginalPosition | undefined;
    /** Bytes that it holds. */
    readonly size: number;
}
/** Below the project's root: what the sources of its map are relative to. */
declare function generatedPath({ outDir, path }: Pick<FileRecord, 'outDir' | 'path'>): string;
/**
 * @param path of the generated file below the project's root
 * @throws SyntaxError if the bytes are not a source map
 */
declare function createMapReader(bytes: Uint8Array, path: string): MapReader;

/** Keeps the most recently used map readers, as many as fit into `limit` bytes; the newest is kept whatever its size. */
interface HotMaps {
    get(key: string): MapReader | undefined;
    set(key: string, reader: MapReader): void;
}
declare function createHotMaps(limit: number): HotMaps;

interface LocatedFile {
    build: BuildRecord;
    file: FileRecord;
    /** How many more builds hold other bytes under the same name; 0 for a file found by debug ID. */
    rivals: number;
    /** Whether the URL has only the last part of the file's path. */
    isPartial?: true;
}
/**
 * Which of a build's files with the same ID a URL names: the one whose path it ends with, else a page with the script in it
 * where the URL has no script's name, else a script.
 */
declare function fileOfUrl(files: FileRecord[], url: string): FileRecord | undefined;
/**
 * The file whose path the URL ends with, segment by segment; of several the one that matches the most segments, its
 * output folder included, and of those the newest. Else the one whose path ends with all of the URL's: `main.js` may be
 * served from `app/browser/`. If the newest build with such files has several, none is found. A file that a newer build of the
 * same project has at the same place counts, whichever folder was sealed there.
 *
 * @param builds newest first
 */
declare function locateByUrl(builds: BuildRecord[], url: string): LocatedFile | undefined;

/**
 * The stacks in a log as engines print them, a frame to a line: without what a logger puts before each line, out of the
 * strings of JSON, and where a stack is on one line. All other lines stay.
 */
declare function expandLog(text: string): string;

interface SymbolicateOptions {
    /** Files are looked up by name in the builds of this release alone, and by debug ID in them first. @default all builds */
    release?: string;
    /** Debug IDs of the scripts in the stack; those in the text itself are found without. */
    debugIds?: DebugIds;
    /** Source lines before and after each position. @default 2 */
    contextLines?: number;
    /** Called for each build record that cannot be read. */
    onUnreadable?: (file: string, cause: unknown) => void;
}
/** Turns the stacks in a text into original frames, with the maps of a vault. The text may be a log: see `expandLog`. */
declare function symbolicate(text: string, vault: Vault, options?: SymbolicateOptions): Promise<Symbolicated>;
/** The same for lines that were parsed already, or frames that came as data. */
declare function symbolicateLines(lines: StackLine[], vault: Vault, options?: SymbolicateOptions): Promise<Symbolicated>;

interface FollowOptions extends Pick<SymbolicateOptions, 'release' | 'debugIds' | 'onUnreadable'> {
    /** Called once for each thing that a reader should know. */
    onNote?: (message: string) => void;
    /** Names sources as the map does, not by their path in the repository. */
    isRaw?: boolean;
}

/** Reads a log while it is written. */
interface LogReader {
    /**
     * The lines that a chunk completes, in parts, with each frame in its original place and all other bytes as they were. Most are
     * parts of the chunk itself.
     */
    read(chunk: Uint8Array): Promise<Uint8Array[]>;
    /** What is left without a line break. */
    end(): Promise<Uint8Array[]>;
}
declare function followLog(vault: Vault, options?: FollowOptions): Promise<LogReader>;

/** @param generated as the engine named it @param called as {@link calledName} of the frame's caller */
declare function originalFrame(generated: string | undefined, position: OriginalPosition, called: string | undefined): OriginalFrame;
/** What a frame's mapping reveals about the function that it calls; undefined where it stands at no call. */
declare function calledName(frame: {
    isAsync?: boolean;
}, position: OriginalPosition): string | undefined;

/**
 * The path of a source in its repository, however the bundler wrote it: `webpack://shop/./src/cart.ts`,
 * `turbopack:///[project]/src/cart.ts` and `../../src/cart.ts` are all `src/cart.ts`.
 *
 * @param outDir where the script is; a map whose sources are relative to the project leads below it by mistake
 */
declare function sourceName(source: string, outDir?: string): string;

/** Deletes the oldest entries of a map, until the others fit into `limit`; the newest is kept whatever its size. */
declare function trimOldest<Key, Value>(entries: Map<Key, Value>, limit: number, sizeOf: (value: Value) => number): void;

export { calledName, createHotMaps, createMapReader, debugIdFinder, expandLog, fileOfUrl, followLog, generatedPath, inlineDebugIds, locateByUrl, originalFrame, parseStack, sourceName, sourceSizes, symbolicate, symbolicateLines, trimOldest };
export type { DebugIds, FollowOptions, HotMaps, LogReader, MapReader, NameSource, OriginalCall, OriginalFrame, OriginalPosition, ResolvedLine, SourceSize, StackFrame, StackLine, SymbolicateOptions, Symbolicated, SymbolicatedLine, UnresolvedLine, UnresolvedReason };
