/** The path of a Chromium on this machine, or undefined. If `CHROME_PATH` is set, nothing else is tried. */
export function findBrowser(environment?: NodeJS.ProcessEnv): string | undefined
