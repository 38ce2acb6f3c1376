// Builds one of two apps of a project, each time its parent says so; the other one is built at the same time by another
// process of the same command.
import type { Destination, Options } from '@mapseal/core'
import { run } from '../company/builds.ts'
import type { Host } from '../company/grid.ts'
import { pluginMaker } from '../matrix/plugin.ts'

export interface Round {
  host: Host
  /** The project's. */
  dir: string
  outDir: string
  vault: string
  command: string
}

process.on('message', async ({ host, dir, outDir, vault, command }: Round) => {
  process.env.MAPSEAL_BUILD = command
  const sent: string[] = []
  const destination: Destination = {
    name: 'counting',
    async deliver({ files }, artifacts) {
      for await (const { map } of artifacts) if (!map) throw new Error('an artifact has no map')
      sent.push(...files.map(file => `${file.outDir}/${file.path}`))
      return { artifacts: files.length }
    },
  }
  const warnings: string[] = []
  const logger = { info: () => {}, warn: (line: string) => void warnings.push(line), error: () => {} }
  const options: Options = { vault, release: '1.2.3', destinations: [destination], onError: 'fail', logger }
  const plugins = (await pluginMaker(host, options))() as unknown[]
  const failure = await run[host]({ dir, outDir, plugins: plugins.flat() as never[] }).then(
    () => undefined,
    (cause: Error) => cause.message,
  )
  process.send?.({ sent, warnings, failure })
})
process.send?.('ready')
