/**
 * Another version of Node from the npm registry, which is kept for the next time.
 *
 * @param version of Node, or the start of one
 * @returns its program
 */
export function installNode(version: string): Promise<string>
