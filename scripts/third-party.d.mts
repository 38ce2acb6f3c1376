export interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>
}
export function thirdParty(metafile: Metafile, cwd: string): string | undefined
