/** @returns whether a path, relative and with forward slashes, matches one of the patterns */
declare function createMatcher(patterns: string[]): (path: string) => boolean;
/** @returns whether an absolute path matches one of the patterns, which are relative to `cwd` or absolute; a folder has all below it */
declare function createPathMatcher(patterns: string[], cwd: string, dot: boolean): (path: string) => boolean;
/** The files that match, absolute and sorted; links are not followed. */
declare function findMatchingFiles(patterns: string[], cwd: string): Promise<string[]>;
/** Whether the text can match more than itself. */
declare function isPattern(text: string): boolean;
/** The folders below `cwd` that match, sorted; links are not followed, and packages and version control are passed over. */
declare function findMatchingFolders(pattern: string, cwd: string): Promise<string[]>;

export { createMatcher, createPathMatcher, findMatchingFiles, findMatchingFolders, isPattern };
