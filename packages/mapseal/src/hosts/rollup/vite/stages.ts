import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readTrailingComments } from '@mapseal/core'
import type { Plugin, ResolvedConfig } from 'vite'

/** The part of an environment that is used. */
type Environment = Pick<Parameters<NonNullable<Plugin['applyToEnvironment']>>[0], 'name' | 'config'>

/** The environment of `nitro/vite`. It bundles again what the others make of the server, and only its own output ships. */
const nitro = 'nitro'

const hasNitro = (plugins: ResolvedConfig['plugins']) => plugins.some(({ name }) => name.startsWith('nitro:'))

const isConsumed = (name: string, { consumer }: { consumer?: string }) => consumer === 'server' && name !== nitro

/** Whether another environment bundles the output of this one: only there it gets an ID, and its source maps leave. */
export function isStage({ name, config }: Environment): boolean {
  return isConsumed(name, config) && nitro in config.environments && hasNitro(config.plugins)
}

/** Passes the source maps of the stages on to the environment that ships: bundlers do not read those of what they load. */
export function stagesPlugin(): Plugin {
  return {
    name: 'mapseal:stages',
    apply: 'build',
    applyToEnvironment({ name, config }) {
      if (name !== nitro || !hasNitro(config.plugins)) return false
      const stages = Object.entries(config.environments).filter(([name, options]) => isConsumed(name, options))
      return readStages(stages.map(([, { build }]) => resolve(config.root, build.outDir)))
    },
  }
}

function readStages(dirs: string[]): Plugin {
  return {
    name: 'mapseal:stages',
    load: {
      // By a filter, so that no other module costs a call.
      filter: { id: dirs.map(scriptsBelow) },
      async handler(id) {
        const map = `${id}.map`
        if (!existsSync(map)) return null
        const code = await readFile(id, 'utf8')
        return { code: code.slice(0, readTrailingComments(code).bodyEnd), map: await readFile(map, 'utf8') }
      },
    },
  }
}

/** As Vite writes the paths of modules. */
function scriptsBelow(dir: string): RegExp {
  const path = dir.replaceAll('\\', '/').replace(/[.*+?^${}()|[\]]/g, '\\$&')
  return new RegExp(`^${path}/.+\\.m?js$`)
}
