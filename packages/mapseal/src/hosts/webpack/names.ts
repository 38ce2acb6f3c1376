import type { Compiler } from 'webpack'

/**
 * Whether the names of all scripts are made from their final content, so that they are honest by themselves. Otherwise the
 * snippet must be part of the hashes; not without need, since hashes stand in the code and a minifier names variables by what
 * stands there. It goes by the settings: Rspack makes other hashes as soon as a plugin listens, whatever it then does.
 */
export function namesAreRealHashes({ options }: Compiler): boolean {
  const { hashDigestLength = 20 } = options.output
  return (
    options.optimization.realContentHash === true &&
    nameTemplates(options).every(template => isRealHash(template, hashDigestLength))
  )
}

function nameTemplates({ output, entry, optimization }: Compiler['options']): unknown[] {
  const { splitChunks } = optimization
  const groups = splitChunks ? [splitChunks, ...Object.values(splitChunks.cacheGroups ?? {})] : []
  const settings: unknown[] = [...(typeof entry === 'object' ? Object.values(entry) : []), ...groups]
  const named = settings.filter(setting => setting instanceof Object && 'filename' in setting)
  const own = (named as { filename?: unknown }[]).map(({ filename }) => filename)
  return [output.filename, output.chunkFilename, output.workerChunkFilename, ...own].filter(
    template => template !== undefined,
  )
}

/** webpack looks for the hashes in the text of scripts, and since 5.113 it leaves those that are so short that words look like them. */
const shortestRealHash = 6

function isRealHash(template: unknown, defaultLength: number): boolean {
  if (typeof template !== 'string' || /\[(?:chunk|full)?hash/.test(template)) return false
  const hashes = [...template.matchAll(/\[contenthash(?:[^\]]*?:(\d+))?[^\]]*\]/g)]
  return hashes.every(([, length]) => Number(length ?? defaultLength) >= shortestRealHash)
}
