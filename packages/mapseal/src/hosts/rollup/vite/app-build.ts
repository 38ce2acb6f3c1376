import { type ConnectedOptions, joinSession, type Participation } from '@mapseal/core'
import type { ViteBuilder } from 'vite'
import type { ViteHooks } from '../vite-hooks.ts'

export interface AppBuild {
  open(): Promise<void>
  finish(builder: ViteBuilder): Promise<void>
}

/** Holds the build open from before the first environment until after the last: together they make one. */
export function appBuild(options: ConnectedOptions, { root, isWatch }: Pick<ViteHooks, 'root' | 'isWatch'>): AppBuild {
  let participation: Participation | undefined
  return {
    async open() {
      if (!isWatch()) participation = await joinSession(options, root())
    },

    async finish(builder) {
      // Vite builds all environments after this last hook if none was built; then there would be no end to wait for.
      const environments = Object.values(builder.environments)
      if (environments.every(environment => !environment.isBuilt)) {
        for (const environment of environments) await builder.build(environment)
      }
      await participation?.leave('done')
    },
  }
}
