import { FileRecord, BuildRecord, Vault } from '@mapseal/core';
import { OriginalFrame, UnresolvedReason, Symbolicated } from '@mapseal/core/symbolicate';

type Release = NonNullable<BuildRecord['release']>;
/** What the vault holds, by what stacks and events name. */
interface BuildIndex {
    /** Files with this ID, those of `release` first, then newest first. Re-lists the store on a miss, at most once a second. */
    byDebugId(debugId: string, release?: string): Promise<FileRecord[]>;
    /**
     * By file name (URL or path tail) in a release: for frames without a debug ID. Those that share the longest tail first,
     * then newest first; without `dist` those without one come before others.
     */
    byFile(release: string, file: string, dist?: string): Promise<FileRecord[]>;
    /** The same in any release, among the newest files of this name: see `locateByUrl`. */
    byUrl(url: string): Promise<FileRecord | undefined>;
    /**
     * The release that files with these IDs belong to, as far as they are known. Undefined where that is none, or several: a
     * file that does not change keeps its ID.
     */
    releaseOf(debugIds: string[]): Promise<Pick<Release, 'name' | 'dist'> | undefined>;
    /** Newest first. */
    builds(): Promise<BuildRecord[]>;
    /** A build that this server wrote: it is found at once. */
    note(build: BuildRecord): void;
}

/** A position in generated code. */
interface FrameQuery {
    /** Of the script; goes before its name. */
    debugId?: string;
    /** The script's URL, or the end of its path. */
    file?: string;
    /** From 1; 0 where the engine gave none. */
    line: number;
    /** From 0; absent where the engine gave none. */
    column?: number;
    /** As the engine names it. */
    function?: string;
    /** True where the frame was resumed after an `await`: its position is not that of a call. */
    isAsync?: boolean;
}
/** Names a version, to look in its builds first, and for frames without a debug ID in them alone. */
interface ReleaseQuery {
    name: string;
    dist?: string;
}
/**
 * What a frame was in the original source, or why that cannot be said. `native` is a frame without generated code: of the
 * engine, of WebAssembly, of `node:` and its kin; it is to be shown as it came.
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
    /** The same for stack text: one line for each of its own. */
    stack(text: string, options?: StackOptions): Promise<Symbolicated>;
    /** Starts the threads; else the first frames do. */
    warm(): void;
    close(): Promise<void>;
}
interface StackOptions {
    release?: ReleaseQuery;
    /** Debug IDs by the URL of the script or the end of its path; those in the text itself are found without. */
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
/** What is answered to a `stack`, and to `frames`. */
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
    /** Bytes of maps between the vault and the threads: those beyond wait. @default 256 MB */
    arrivingBytes?: number;
    /** In ms, for the frames of a request that lie in one map. @default 5000 */
    timeLimit?: number;
    /** Requests that may wait for one thread. @default 1000 */
    queue?: number;
    /** Source lines before and after each position. @default 5 */
    contextLines?: number;
}
/** Turns generated positions into original ones, with the maps of a vault. Close it: its threads keep maps. */
declare function createSymbolicator(builds: Pick<BuildIndex, 'byDebugId' | 'byFile' | 'byUrl'>, vault: Vault, options?: SymbolicatorOptions): Symbolicator;

export { createSymbolicator };
export type { FrameQuery, ReleaseQuery, ResolvedFrame, StackOptions, SymbolicateAnswer, SymbolicateRequest, Symbolicator, SymbolicatorOptions };
