import { basename } from 'node:path'
import { stylePattern } from '@mapseal/core'
import { withScratches } from '../scratch.ts'
import { dropMaps, isScript, type Sealer, sealOutput, type Write } from './outputs.ts'

/**
 * Seals the scripts and style sheets that belong to `owner`. The vault first, then the scripts, and the maps' removal last:
 * a kill in between loses nothing.
 *
 * @param carrierOf gives the path for a script that carries the release; undefined for all others
 * @returns the base names that were changed, and what they are now
 */
export async function sealOutputs(
  sealer: Sealer,
  owner: object,
  carrierOf: (path: string) => string | undefined,
): Promise<Map<string, string>> {
  const renames = new Map<string, string>()
  const { files, session, options } = sealer
  const { claim, release } = session
  const sealable = [...files.keys()].filter(path => stylePattern.test(path) || isScript(sealer, path))
  const ours = sealable.filter(path => claim(path, owner)).sort()
  // Another instance of the plugin has them, and may still need the maps: Bun calls both at the same time.
  if (ours.length === 0 && sealable.length > 0) return renames
  // The largest first: memory that holds it also holds all others.
  const sizeOf = (path: string) => files.get(`${path}.map`)?.size ?? 0
  ours.sort((a, b) => sizeOf(b) - sizeOf(a))
  const writes: Write[] = []
  await withScratches(ours, async (path, scratches) => {
    const carrier = release && carrierOf(path)
    if (carrier) claim(carrier, owner)
    if (carrier && carrier !== path) renames.set(basename(path), basename(carrier))
    const write = await sealOutput(sealer, path, carrier, scratches)
    if (write) writes.push(write)
  })
  await session.commit()
  session.noteWritten(writes.flatMap(write => write() ?? []))
  if (options.output === 'sealed') dropMaps(files)
  return renames
}
