/** What throws, or returns a promise that is rejected, by the name of the case. */
export type Cases = Record<string, () => unknown>
