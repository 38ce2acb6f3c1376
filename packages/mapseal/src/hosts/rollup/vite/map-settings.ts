import { announceOnce, decideMaps, type MapDecision, type ResolvedOptions } from '@mapseal/core'
import type { UserConfig } from 'vite'
import { mapSettingOf } from '../output-maps.ts'
import type { Framework } from './frameworks.ts'
import type { OwnSettings, SourceMaps } from './own-settings.ts'

type BuildOptions = NonNullable<UserConfig['build']>

/** What to set in `build`, if anything. */
type BuildChange = { build?: Pick<BuildOptions, 'sourcemap'> }

export interface MapSettings {
  /** @param build the root's options, as plugins have left them */
  decideRoot(build: BuildOptions | undefined): BuildChange
  /** Decides for an environment, which inherits what it does not set itself. */
  decideEnvironment(name: string, build: BuildOptions | undefined): BuildChange
  /**
   * Logs what was decided, when a build starts: Vite resolves one config several times.
   *
   * @param environment undefined before Vite 6
   * @param outDir tells apart the builds of one command
   */
  announce(environment: string | undefined, outDir: string): void
}

interface Surroundings {
  /** The project's folder, absolute. */
  root: string
  isWatch: boolean
  framework: Framework | undefined
}

/** Decides by what the user wrote: a default that a framework or another plugin sets is as good as none. */
export function mapSettings(
  read: OwnSettings,
  options: ResolvedOptions,
  { root, isWatch, framework }: Surroundings,
): MapSettings {
  const own = framework?.settingsOf?.(read) ?? read

  function decide(written: SourceMaps, now: SourceMaps): BuildChange {
    // In watch mode nothing is switched on, but what others have switched on goes.
    const setting = written === undefined && !isWatch ? 'unset' : mapSettingOf(now ?? written)
    const { use } = decideMaps(setting, isWatch, '', options.output)
    return use === 'leave' ? {} : { build: { sourcemap: use === 'hidden' ? 'hidden' : false } }
  }

  return {
    decideRoot: build => decide(own.root, build?.sourcemap),
    decideEnvironment: (name, build) => decide(own.environments.get(name) ?? own.root, build?.sourcemap),
    announce(environment = '', outDir) {
      const written = own.environments.get(environment)
      const isOwn = written !== undefined && written !== own.root
      const name = isOwn ? `"environments.${environment}.build.sourcemap"` : '"build.sourcemap"'
      const decision = decideMaps(mapSettingOf(written ?? own.root), isWatch, name, options.output)
      const part = `${environment} ${outDir}`
      announceOnce(framework?.advice ? advised(decision, framework.advice) : decision, options.logger, root, part)
    },
  }
}

/** Vite's setting is not the user's where a framework has one of its own; only that maps are missing is worth a line. */
function advised({ message, ...decision }: MapDecision, advice: string): MapDecision {
  return decision.level === 'warn' ? { ...decision, message: `[mapseal] [maps] ${advice}` } : decision
}
