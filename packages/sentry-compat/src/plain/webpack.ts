import { prologueEnd, scriptPattern } from '@mapseal/core'
import type { Compilation, Compiler } from 'webpack'
import type { Plan } from '../plan.ts'
import { deliverPlain } from './deliver.ts'
import { loadSnippets, type PlainSnippets } from './snippets.ts'

const name = 'mapseal:sentry-plain'

/** Release and metadata for webpack and Rspack, where debug IDs and source maps are to be left alone. */
export function plainWebpack(compiler: Compiler, plan: Plan): void {
  let loaded: Promise<PlainSnippets> | undefined
  const snippets = () => (loaded ??= loadSnippets(plan))
  compiler.hooks.thisCompilation.tap(name, compilation => {
    if (compiler.watchMode) return
    const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_ADDITIONS
    compilation.hooks.processAssets.tapPromise({ name, stage }, async () => insert(compilation, await snippets()))
  })
  compiler.hooks.done.tapPromise(name, async stats => {
    if (!compiler.watchMode && !stats.hasErrors()) await deliverPlain(plan, (await snippets()).release, false)
  })
}

/** Before minifiers and source maps, which follow it. */
function insert(compilation: Compilation, { entry, other }: PlainSnippets): void {
  const { ReplaceSource } = compilation.compiler.webpack.sources
  const starts = [...compilation.entrypoints.values()].flatMap(point => [...(point.getRuntimeChunk()?.files ?? [])])
  for (const chunk of compilation.chunks) {
    for (const file of chunk.files) {
      const snippet = starts.includes(file) ? entry : other
      if (snippet === '' || !scriptPattern.test(file.replace(/[?#].*$/, ''))) continue
      compilation.updateAsset(file, source => {
        const text = new ReplaceSource(source)
        text.insert(prologueEnd(String(source.source())), snippet)
        return text
      })
    }
  }
}
