import { resolve } from 'node:path'
import type { JsPlugin } from '@farmfe/core'
import {
  type ConnectedOptions,
  decideMaps,
  joinSession,
  type MapSetting,
  MapsealError,
  type Participation,
  settleOutput,
} from '@mapseal/core'
import { sealResources } from './resources.ts'

/**
 * Farm 1. All work is done before anything is written: `finish` is the last hook that Farm waits for, and what fails there
 * fails the build. `writeResources` comes later, but Farm neither waits for it nor looks at what becomes of it.
 */
export function farmHost(given: ConnectedOptions): Partial<JsPlugin> {
  // Farm's maps are visible, so an excluded script would keep a link to a map that was taken out.
  if (given.include || given.exclude.length > 0)
    throw new MapsealError('farm', '"include" and "exclude" do not work with Farm. Leave them out.')
  let setting: MapSetting = 'unset'
  let options = given
  let root = process.cwd()
  let outDir = ''
  let isBuild = false
  let participation: Participation | undefined

  return {
    // After all others, which may still edit what they emit.
    priority: -1000,

    config(user) {
      setting = settingOf(user.compilation?.sourcemap)
      options = settleOutput(given, setting)
      return {}
    },

    configResolved({ compilation, root: projectRoot }) {
      root = projectRoot ?? root
      outDir = resolve(root, compilation?.output?.path ?? 'dist')
      const isProduction = compilation?.mode === 'production'
      const isWatch = Boolean(compilation?.watch)
      isBuild = isProduction && !isWatch
      if (!isProduction || !compilation) return
      // Unset, Farm makes visible maps; in watch mode, where nothing is sealed, they would stay in the output.
      const meant = isWatch && setting === 'unset' ? 'visible' : setting
      const { use, message, level } = decideMaps(meant, isWatch, '"compilation.sourcemap"', options.output)
      if (message) options.logger[level](message)
      if (use === 'off') compilation.sourcemap = false
      // Farm's own default makes none for packages, and says nothing of a chunk that is nothing else.
      if (use === 'hidden')
        compilation.sourcemap = setting === 'unset' || String(compilation.sourcemap).startsWith('all') ? 'all' : true
    },

    buildStart: {
      async executor() {
        await participation?.leave('failed') // A previous build that failed: Farm does not report that.
        participation = isBuild ? await joinSession(options, root) : undefined
      },
    },

    augmentResourceHash: {
      filters: { resourcePotTypes: ['js', 'runtime'], moduleIds: [] },
      executor: ({ data }) => participation?.nameSeed(data?.isEntry === true),
    },

    finalizeResources: {
      async executor({ resourcesMap }) {
        if (participation) await sealResources(resourcesMap, { outDir, session: participation, options })
        return resourcesMap
      },
    },

    finish: {
      async executor() {
        participation?.markInMemory(outDir) // Farm writes its files later.
        await participation?.leave('done')
        participation = undefined
      },
    },
  }
}

/** @param sourcemap as the user wrote it; `all` makes maps of packages too */
function settingOf(sourcemap: boolean | 'all' | 'inline' | 'all-inline' | undefined): MapSetting {
  if (sourcemap === undefined) return 'unset'
  if (sourcemap === false) return 'off'
  return sourcemap === true || sourcemap === 'all' ? 'visible' : 'inline'
}
