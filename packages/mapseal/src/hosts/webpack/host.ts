import {
  type ConnectedOptions,
  joinSession,
  mapPattern,
  mayBePublic,
  type Participation,
  settleOutput,
} from '@mapseal/core'
import type { Compilation, Compiler } from 'webpack'
import { requireVersion } from '../../versions.ts'
import { bytesOf } from '../bytes.ts'
import { warnOfChildTexts } from './child-texts.ts'
import { contentOf } from './content.ts'
import { decideDevtool, isDevServer, setDevtool } from './devtool.ts'
import { joinGroup } from './group.ts'
import { rememberMapped } from './map-time.ts'
import { namesAreRealHashes } from './names.ts'
import { isOnDisk } from './output-disk.ts'
import { isCarrier, isOfWorker } from './scripts.ts'
import type { CompilationSealing } from './sealing.ts'
import { stampScripts } from './stamp.ts'
import { storeArtifacts } from './store.ts'
import { takeMaps } from './take-maps.ts'

const name = 'mapseal'

/**
 * webpack 5 and Rspack 2. Injection is the last thing before real content hashes and integrity digests are made; maps
 * are taken before compressors and manifests see them, and once more at the end for those that come late.
 *
 * @param mapSetting what users call the setting of source maps, quoted, where it is not the bundler's own
 */
export function webpackHost(compiler: Compiler, given: ConnectedOptions, mapSetting?: string): void {
  requireCompilerVersion(compiler)
  const options = settleOutput(given, setDevtool(compiler))
  const owner = {}
  let participation: Participation | undefined
  let sealing: CompilationSealing | undefined

  decideDevtool(compiler, options, mapSetting)
  compiler.hooks.beforeRun.tapPromise(name, async () => {
    await participation?.leave('failed') // Of a run that never came to its end.
    participation = await joinSession(options, compiler.context)
  })

  compiler.hooks.thisCompilation.tap(name, compilation => {
    sealing = undefined
    if (compiler.watchMode || !participation) {
      if (!isDevServer(compiler) && options.output === 'sealed') dropAllMaps(compilation)
      return
    }
    const outDir = compilation.outputOptions.path as string
    const session = participation
    sealing = {
      compilation,
      session,
      options,
      owner,
      outDir,
      asMapped: rememberMapped(compilation, name),
      strays: new Map(),
      stamped: new Set(),
      sealed: new Map(),
    }
    sealCompilation(sealing)
  })
  // Child compilers have this hook of their parent's, and not the one above.
  compiler.hooks.compilation.tap(name, compilation => {
    if (sealing && isOfWorker(compilation)) sealWorker(sealing, compilation)
  })

  const group = joinGroup(compiler)
  compiler.hooks.failed.tap(name, () => {
    void participation?.leave('failed')
    void group.leaveNow()
  })
  // After what other plugins do to the files at the very end.
  compiler.hooks.done.tapPromise({ name, stage: Number.MAX_SAFE_INTEGER }, async stats => {
    const own = participation
    if (own && !(await isOnDisk(stats.compilation))) own.markInMemory(stats.compilation.outputOptions.path as string)
    if (own && isEmpty(stats.compilation)) own.expectNothing()
    if (own) await group.leaveWithOthers(compiler, () => own.leave(stats.hasErrors() ? 'failed' : 'done'))
  })
  compiler.hooks.shutdown.tapPromise(name, () => group.leaveNow())
}

/** A compiler without entries makes no script: Next.js runs one for its edge runtime in every build. */
function isEmpty({ entrypoints }: Compilation): boolean {
  return entrypoints.size === 0
}

function requireCompilerVersion({ webpack }: Compiler): void {
  const { rspackVersion } = (webpack ?? {}) as { rspackVersion?: string }
  if (rspackVersion) requireVersion('Rspack', rspackVersion)
  else requireVersion('webpack', webpack?.version ?? '4')
}

/** In watch mode maps do not ship either, but nothing is kept. */
function dropAllMaps(compilation: Compilation): void {
  const stage = stagesOf(compilation).PROCESS_ASSETS_STAGE_REPORT + 1
  compilation.hooks.processAssets.tap({ name, stage }, assets => {
    for (const [file, source] of Object.entries(assets))
      if (mapPattern.test(file) && !mayBePublic(file, bytesOf(contentOf(source)))) compilation.deleteAsset(file)
  })
}

function sealCompilation(sealing: CompilationSealing): void {
  const { processAssets } = sealing.compilation.hooks
  sealAssets(sealing)
  const stage = stagesOf(sealing.compilation).PROCESS_ASSETS_STAGE_REPORT + 1
  processAssets.tapPromise({ name, stage }, async () => {
    warnOfChildTexts(sealing)
    await storeArtifacts(sealing)
  })
}

/**
 * Seals the scripts of a child compilation before its parent gets them, since a loader may put them into a script as text. What
 * becomes of them, the parent's sealing finds out: they are stored with its own.
 */
function sealWorker(parent: CompilationSealing, compilation: Compilation): void {
  if (compilation.hooks.processAssets.taps.some(tap => tap.name === name)) return // By another instance.
  sealAssets({ ...parent, compilation, asMapped: rememberMapped(compilation, name), stamped: new Set() })
}

function sealAssets(sealing: CompilationSealing): void {
  const { compilation, session } = sealing
  const { compiler, hooks } = compilation
  const stages = stagesOf(compilation)
  if (!namesAreRealHashes(compiler)) {
    const { JavascriptModulesPlugin } = compiler.webpack.javascript
    JavascriptModulesPlugin.getCompilationHooks(compilation).chunkHash.tap(name, (chunk, hash) => {
      hash.update(session.nameSeed(isCarrier(compilation, chunk)))
    })
  }
  const dev = {
    name,
    stage: stages.PROCESS_ASSETS_STAGE_DEV_TOOLING + 1,
    additionalAssets: () => stampScripts(sealing, true),
  }
  hooks.processAssets.tap(dev, () => stampScripts(sealing, false))
  hooks.processAssets.tap({ name, stage: stages.PROCESS_ASSETS_STAGE_OPTIMIZE_TRANSFER - 1 }, () => takeMaps(sealing))
  hooks.processAssets.tap({ name, stage: stages.PROCESS_ASSETS_STAGE_REPORT + 1 }, () => takeMaps(sealing))
}

function stagesOf({ compiler }: Compilation): typeof Compilation {
  return compiler.webpack.Compilation
}
