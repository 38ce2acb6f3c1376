/** What follows from the files of the destinations: texts by paths, relative to the repository. */
export function derivedFiles(): Record<string, string>
