import { type ConnectedOptions, joinSession, type Participation } from '@mapseal/core'
import type { ResolvedConfig, ViteBuilder } from 'vite'
import type { ViteHooks } from '../vite-hooks.ts'

export interface AppBuild {
  open(builder: ViteBuilder): Promise<void>
  finish(builder: ViteBuilder): Promise<void>
  /** Does both around the function that builds the app, for Vite 6, which has no hooks there. */
  wrap(config: ResolvedConfig): void
}

/** Holds the build open from before the first environment until after the last: together they make one. */
export function appBuild(options: ConnectedOptions, isWatch: ViteHooks['isWatch']): AppBuild {
  const participations = new WeakMap<ViteBuilder, Participation>()

  async function open(builder: ViteBuilder): Promise<void> {
    // Vike calls it again from within, so that the last hooks run before it ends the process.
    if (isWatch() || participations.has(builder)) return
    const joined = await joinSession(options, builder.config.root)
    participations.set(builder, joined)
    const build = builder.build
    // Where another plugin fails, be it after the last of our hooks or between two environments, no hook tells of it.
    joined.markWritten()
    builder.build = async environment => {
      joined.markWritten(false)
      try {
        const output = await build.call(builder, environment)
        joined.markWritten()
        return output
      } catch (cause) {
        await take(builder)?.abort()
        throw cause
      }
    }
  }

  /** The next build with this builder is another one. */
  function take(builder: ViteBuilder): Participation | undefined {
    const joined = participations.get(builder)
    participations.delete(builder)
    return joined
  }

  return {
    open,

    async finish(builder) {
      // Vite builds all environments after this last hook if none was built; then there would be no end to wait for.
      const environments = Object.values(builder.environments)
      if (environments.every(environment => !environment.isBuilt)) {
        for (const environment of environments) await builder.build(environment)
      }
      await take(builder)?.leave('done')
    },

    wrap({ builder }) {
      const buildApp = builder?.buildApp
      if (!buildApp) return
      builder.buildApp = async app => {
        await open(app)
        try {
          await buildApp(app)
        } catch (cause) {
          await take(app)?.abort()
          throw cause
        }
        await take(app)?.leave('done')
      }
    },
  }
}
