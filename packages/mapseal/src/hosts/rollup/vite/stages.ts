import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readTrailingComments } from '@mapseal/core'
import type { Plugin, ResolvedConfig } from 'vite'

/** The part of an environment that is used. */
type Environment = Pick<Parameters<NonNullable<Plugin['applyToEnvironment']>>[0], 'name' | 'getTopLevelConfig'>

/** The environment of `nitro/vite`. It bundles again what the others make of the server, and only its own output ships. */
const nitro = 'nitro'

/** The environments whose output is bundled again. */
function stagesOf({ environments, plugins }: ResolvedConfig): Map<string, { build: { outDir: string } }> {
  const hasNitro = nitro in environments && plugins.some(({ name }) => name.startsWith('nitro:'))
  const isStage = ([name, { consumer }]: [string, { consumer: string }]) => consumer === 'server' && name !== nitro
  return new Map(hasNitro ? Object.entries(environments).filter(isStage) : [])
}

/** Whether another environment bundles the output of this one: only there it gets an ID, and its source maps leave. */
export function isStage(environment: Environment): boolean {
  return stagesOf(environment.getTopLevelConfig()).has(environment.name)
}

/** Passes the source maps of the stages on to the environment that ships: bundlers do not read those of what they load. */
export function stagesPlugin(): Plugin {
  return {
    name: 'mapseal:stages',
    apply: 'build',
    applyToEnvironment(environment) {
      const config = environment.getTopLevelConfig()
      const stages = [...stagesOf(config).values()]
      if (environment.name !== nitro || stages.length === 0) return false
      return readStages(stages.map(({ build }) => resolve(config.root, build.outDir)))
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
