/** The path of a Chromium on this machine, or undefined. `CHROME_PATH` wins, and must then be right. */
export function findBrowser(environment?: NodeJS.ProcessEnv): string | undefined
