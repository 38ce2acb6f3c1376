import { FileRecord, BuildRecord, IndexedBuild, Vault } from '@mapseal/core';
import { OriginalFrame, UnresolvedReason, Symbolicated } from '@mapseal/core/symbolicate';

type Release = NonNullable<BuildRecord['release']>;
/** The vault's files, found by what stacks and events name. */
interface BuildIndex {
    /**
     * Files with this ID of the newest build that has it, in `release` before others; of several, the one that `url` names first.
     * The same of the builds before it, as far as no file of those has a map. Looks at the index again on a miss, at most once a
     * second.
     */
    byDebugId(debugId: string, release?: string, url?: string): Promise<FileRecord[]>;
    /**
     * By file name (URL or path tail) in a release: for frames without a debug ID. Those that share the longest tail first,
     * then newest first; without `dist` those without one come before others. Else the newest whose path ends with the whole
     * name, unless its build has several.
     */
    byFile(release: string, file: string, dist?: string): Promise<FileRecord[]>;
    /** The same in any release, among the newest builds with a file of this name: see `locateByUrl`. */
    byUrl(url: string): Promise<FileRecord | undefined>;
    /**
     * The one release that all known files with these IDs belong to. Undefined if there is none, or more than one: a file
     * that does not change keeps its ID.
     */
    releaseOf(debugIds: string[]): Promise<Pick<Release, 'name' | 'dist'> | undefined>;
    /** All that are indexed, newest first, as they were within the last second. */
    list(): Promise<IndexedBuild[]>;
    /** The records of all builds, newest first, each read when it is asked for: they are large. */
    records(): AsyncIterable<BuildRecord>;
    /** The newest builds with this ID, newest first, as `records`. */
    holders(debugId: string): AsyncIterable<BuildRecord>;
    find(id: string): Promise<BuildRecord | undefined>;
    /** The build of an upload, by its ID or another one for the same upload. */
    upload(id: string): Promise<BuildRecord | undefined>;
    /** Adds a build that this server wrote, so that it is found at once. */
    note(build: BuildRecord): void;
}

/** A position in generated code. */
interface FrameQuery {
    /** The script's debug ID, which takes precedence over its name. */
    debugId?: string;
    /** The script's URL, or the end of its path. */
    file?: string;
    /** From 1; 0 if the engine gave none. */
    line: number;
    /** From 0; absent if the engine gave none. */
    column?: number;
    /** As the engine names it. */
    function?: string;
    /** True if the frame was resumed after an `await`: its position is not that of a call. */
    isAsync?: boolean;
}
/** The release to look in first, and the only one for frames without a debug ID. */
interface ReleaseQuery {
    name: string;
    dist?: string;
}
/**
 * A frame in the original source, or the reason why there is none. `native` is a frame without generated code, such as one
 * of the engine, WebAssembly or `node:`, to be shown as it came.
 */
type ResolvedFrame = {
    kind: 'original';
    original: OriginalFrame;
    /** The script that was found: its path below the output folder. */
    path: string;
    debugId: string;
} | {
    kind: 'unresolved';
    reason: UnresolvedReason;
    /** For people. */
    message: string;
} | {
    kind: 'native';
};
interface Symbolicator {
    /** One for each frame, in order. The frames are those of one stack, the innermost first: names depend on neighbours. */
    frames(frames: FrameQuery[], release?: ReleaseQuery): Promise<ResolvedFrame[]>;
    /** The same for a stack as text: one result for each line. */
    stack(text: string, options?: StackOptions): Promise<Symbolicated>;
    /** Starts the threads; otherwise the first frames do. */
    warm(): void;
    close(): Promise<void>;
}
interface StackOptions {
    release?: ReleaseQuery;
    /** Debug IDs by the URL of the script or the end of its path, in addition to those in the text. */
    debugIds?: Record<string, string>;
}
/** The body of `POST /api/symbolicate`. */
type SymbolicateRequest = {
    release?: string;
    dist?: string;
} & ({
    stack: string;
    debugIds?: Record<string, string>;
} | {
    frames: FrameQuery[];
});
/** The answers to a `stack`, and to `frames`. */
type SymbolicateAnswer = Symbolicated | {
    frames: ResolvedFrame[];
};

interface SymbolicatorOptions {
    /** Threads that read maps. @default 2 */
    threads?: number;
    /** Bytes of maps that all threads together keep at hand. @default 512 MB */
    hotBytes?: number;
    /** Bytes of the largest map that is read. @default 256 MB */
    mapBytes?: number;
    /** Bytes of maps on their way to the threads; others wait. @default 256 MB */
    arrivingBytes?: number;
    /** In ms, for the frames of a request that are in one map. @default 5000 */
    timeLimit?: number;
    /** Requests that may wait for one thread. @default 1000 */
    queue?: number;
    /** Source lines before and after each position. @default 5 */
    contextLines?: number;
}
/** Turns generated positions into original ones, with the maps of a vault. Close it to end its threads. */
declare function createSymbolicator(builds: Pick<BuildIndex, 'byDebugId' | 'byFile' | 'byUrl'>, vault: Vault, options?: SymbolicatorOptions): Symbolicator;

export { createSymbolicator };
export type { FrameQuery, ReleaseQuery, ResolvedFrame, StackOptions, SymbolicateAnswer, SymbolicateRequest, Symbolicator, SymbolicatorOptions };
