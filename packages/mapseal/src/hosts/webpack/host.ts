import { type ConnectedOptions, joinSession, mapPattern, type Participation } from '@mapseal/core'
import type { Compiler } from 'webpack'
import { requireVersion } from '../../versions.ts'
import { carriers, sealAssets } from './assets.ts'
import { decideDevtool, isDevServer } from './devtool.ts'
import { joinGroup } from './group.ts'

const name = 'mapseal'

/**
 * webpack 5 and Rspack 2. Injection is the last thing before real content hashes and integrity digests are made; maps
 * are taken before compressors and manifests see them, and once more at the end for those that come late.
 */
export function webpackHost(compiler: Compiler, options: ConnectedOptions): void {
  const { rspackVersion } = (compiler.webpack ?? {}) as { rspackVersion?: string }
  if (rspackVersion) requireVersion('Rspack', rspackVersion)
  else requireVersion('webpack', compiler.webpack?.version ?? '4')
  const { Compilation, javascript } = compiler.webpack
  const owner = {}
  let participation: Participation | undefined

  decideDevtool(compiler, options)
  compiler.hooks.beforeRun.tapPromise(name, async () => {
    participation = await joinSession(options, compiler.context)
  })

  compiler.hooks.thisCompilation.tap(name, compilation => {
    const session = compiler.watchMode ? undefined : participation
    const stages = Compilation
    if (!session) {
      if (isDevServer(compiler) || options.output === 'keep') return
      compilation.hooks.processAssets.tap({ name, stage: stages.PROCESS_ASSETS_STAGE_REPORT + 1 }, assets => {
        for (const file of Object.keys(assets)) if (mapPattern.test(file)) compilation.deleteAsset(file)
      })
      return
    }

    const { stamp, takeMaps, store } = sealAssets(compilation, session, options, owner)
    if (!namesAreRealHashes(compiler)) {
      javascript.JavascriptModulesPlugin.getCompilationHooks(compilation).chunkHash.tap(name, (chunk, hash) => {
        hash.update(session.snippet(carriers(compilation).has(chunk)))
      })
    }
    const dev = { name, stage: stages.PROCESS_ASSETS_STAGE_DEV_TOOLING + 1, additionalAssets: () => stamp(true) }
    compilation.hooks.processAssets.tap(dev, () => stamp())
    compilation.hooks.processAssets.tap({ name, stage: stages.PROCESS_ASSETS_STAGE_OPTIMIZE_TRANSFER - 1 }, takeMaps)
    compilation.hooks.processAssets.tapPromise({ name, stage: stages.PROCESS_ASSETS_STAGE_REPORT + 1 }, async () => {
      takeMaps()
      await store()
    })
  })

  const group = joinGroup(compiler)
  compiler.hooks.failed.tap(name, () => {
    void participation?.leave('failed')
    void group.leaveNow()
  })
  compiler.hooks.done.tapPromise(name, async stats => {
    const own = participation
    if (own) await group.leaveWithOthers(compiler, () => own.leave(stats.hasErrors() ? 'failed' : 'done'))
  })
  compiler.hooks.shutdown.tapPromise(name, () => group.leaveNow())
}

/**
 * Whether names are made from the final content, so that they are honest by themselves. Otherwise the snippet must be part
 * of the hashes; not without need, since hashes stand in the code and a minifier names variables by what stands there.
 */
function namesAreRealHashes({ options }: Compiler): boolean {
  const { filename, chunkFilename } = options.output
  const isContentOnly = [filename, chunkFilename].every(
    template => template === undefined || (typeof template === 'string' && !/\[(?:chunk|full)?hash/.test(template)),
  )
  return options.optimization.realContentHash === true && isContentOnly
}
