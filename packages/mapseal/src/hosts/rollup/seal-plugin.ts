import { resolve } from 'node:path'
import { mapPattern, scriptPattern } from '@mapseal/core'
import type { OutputAsset, OutputChunk, Plugin } from 'rollup'
import { withScratches } from '../scratch.ts'
import { warnOfStrays } from '../stray-maps.ts'
import type { RollupBuild } from './build.ts'
import { type BundleSealing, sealScript, sealWritten, stampObject, toWritten, type Written } from './bundle.ts'
import { isMerged, sealTaken, stampOf } from './custody.ts'
import { restoreDeclarations } from './declarations.ts'
import { mapOf } from './map-assets.ts'
import { restoreSetting } from './output-maps.ts'
import { isScript } from './scripts.ts'
import { dropMaps, keepStrays, pairStrays } from './strays.ts'
import { warnOfLeftModules } from './transform-watch.ts'

export const sealName = 'mapseal:seal'

/** Takes the source maps when all other plugins are done with the bundle. */
export function sealPlugin(build: RollupBuild): Plugin {
  const { session } = build
  /** By an output's options: several may be written to one folder at the same time. */
  const written = new WeakMap<object, Written[]>()

  return {
    name: sealName,

    generateBundle: {
      order: 'post',
      async handler(output, bundle, isWrite) {
        const keepsMaps = build.keepsMaps(output)
        if (!build.isWatch(this.meta)) {
          const sealing = build.sealingOf(output, bundle)
          restoreDeclarations(bundle, sealing.setting, 'rolldownVersion' in this.meta ? '' : '\n')
          const files = sealableFiles(build, sealing)
          const isPutOff = isWrite && !sealing.session.isStored()
          if (isPutOff)
            written.set(
              output,
              files.map(file => toWritten(sealing, file)),
            )
          else await sealNow(build, sealing, files, keepsMaps)
          if (keepsMaps && !isWrite) for (const file of files) stampObject(sealing, file)
          if (isWrite) sealing.session.markOnDisk(sealing.outDir)
          else {
            sealing.session.markInMemory(sealing.outDir)
            session.outputEnded(output)
          }
          if (keepsMaps) sealing.session.markKept(sealing.outDir)
          else dropMaps(bundle, sealing.session.allows)
          restoreSetting(output, sealing.setting)
        } else if (!keepsMaps) dropMaps(bundle)
      },
    },

    async writeBundle(output, bundle) {
      if (build.isWatch(this.meta)) return
      const sealing = build.sealingOf(output, bundle)
      const files = written.get(output) ?? []
      await withScratches(files, (file, { map }) => sealWritten(sealing, file, map))
      session.outputEnded(output)
    },
  }
}

/** Chunks, and scripts among the assets that were injected or have a map, if they are this instance's. */
function sealableFiles({ owner }: RollupBuild, sealing: BundleSealing): (OutputChunk | OutputAsset)[] {
  const { bundle, outDir, session } = sealing
  const pathOf = (file: OutputChunk | OutputAsset) => resolve(outDir, file.fileName)
  const isSealable = (file: OutputChunk | OutputAsset) => {
    if (stampOf(sealing, file)) return true
    const isOurs =
      file.type === 'chunk' ? isScript(file) : scriptPattern.test(file.fileName) && mapOf(sealing, file) !== undefined
    return isOurs && session.selects(file.fileName, outDir)
  }
  return Object.values(bundle).filter(file => isSealable(file) && session.claim(pathOf(file), owner))
}

async function sealNow(
  { options }: RollupBuild,
  sealing: BundleSealing,
  files: (OutputChunk | OutputAsset)[],
  keepsMaps: boolean,
): Promise<void> {
  const stamped = [
    ...files.map(file => stampOf(sealing, file)),
    ...[...sealing.held.values()].map(({ stamp }) => stamp),
  ]
  pairStrays(sealing, files)
  const apart = files.filter(file => !isMerged(sealing, file))
  await withScratches(apart, (file, scratches) => sealScript(sealing, file, keepsMaps, scratches))
  await sealTaken(sealing, keepsMaps)
  if (!keepsMaps)
    warnOfStrays(
      (await keepStrays(sealing)).filter(path => !mapPattern.test(path)),
      options.logger,
    )
  warnOfLeftModules(new Map(stamped.flatMap(stamp => [...(stamp?.left ?? [])])), sealing.root, options.logger)
  await sealing.session.commit()
}
