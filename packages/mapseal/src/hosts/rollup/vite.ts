import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { decideMaps, joinSession, type MapSetting, openVault, type Participation, refuseVaultIn } from '@mapseal/core'
import type { HtmlTagDescriptor, Plugin, ResolvedConfig, UserConfig } from 'vite'
import type { RollupContext } from './context.ts'
import { rollupHost } from './host.ts'

type BuildOptions = NonNullable<UserConfig['build']>

/** Vite 7 and 8: what {@link rollupHost} does, in every environment and worker, and the release in a script of its own. */
export function viteHost(context: RollupContext): Plugin[] {
  const [inject, seal] = rollupHost(context) as unknown as [Plugin, Plugin]
  let config: ResolvedConfig
  let app: Participation | undefined

  /** Named by its content; a page loads it before its entries, and no other script's name depends on it. */
  const releaseScript = () => {
    const snippet = context.snippetOfRelease?.()
    if (snippet === undefined) return undefined
    const hash = createHash('sha256').update(snippet).digest('base64url').slice(0, 8)
    return posix.join(config.build.assetsDir, `release-${hash}.js`)
  }

  context.isVite = true
  context.releaseScript = chunk => (isPageEntry(chunk) ? releaseScript() : undefined)
  context.isDroppedFacade = chunk => isPageEntry(chunk) && isEntirelyImports(chunk.code)

  function decide(
    build: BuildOptions | undefined,
    isRoot: boolean,
  ): { sourcemap: BuildOptions['sourcemap'] } | undefined {
    const setting = settingOf(build?.sourcemap)
    if (!isRoot && setting === 'unset') return undefined // It inherits what the root decided.
    const { use, message, level } = decideMaps(setting, context.isWatch, '"build.sourcemap"', context.options.output)
    if (message) context.options.logger[level](message)
    return use === 'leave' ? undefined : { sourcemap: use === 'hidden' ? 'hidden' : false }
  }

  return [
    {
      ...inject,
      enforce: 'post',
      apply: 'build',

      config: {
        order: 'post',
        handler(user) {
          context.isWatch ||= Boolean(user.build?.watch)
          const build = decide(user.build, true)
          const worker = { plugins: () => viteHost({ ...context, isWorker: true }) }
          return { ...(build ? { build } : {}), worker } as UserConfig
        },
      },

      configEnvironment: {
        order: 'post',
        handler(_name, environment) {
          const build = decide(environment.build, false)
          return build ? { build } : null
        },
      },

      configResolved(resolved) {
        config = resolved
        context.root = resolved.root
        context.outDir = resolved.build.outDir
        const { location } = openVault(context.options.vault, resolved.root)
        // Vite copies it into the output.
        if (resolved.publicDir) refuseVaultIn(resolved.publicDir, location, resolved.root)
        context.isMapWatched = resolved.plugins.some(plugin => !isKnown(plugin) && mayReadMaps(plugin))
      },

      transformIndexHtml: {
        order: 'post',
        handler(_html, { bundle, path }) {
          const file = releaseScript()
          if (!file || !bundle || context.isWatch) return []
          const isLoaded = Object.values(bundle).some(output => output.type === 'chunk' && isPageEntry(output))
          const tag: HtmlTagDescriptor = {
            tag: 'script',
            attrs: { defer: true, ...(config.base ? {} : {}), src: publicUrl(config, file, path) },
            injectTo: 'head-prepend',
          }
          return isLoaded ? [tag] : []
        },
      },

      buildApp: {
        order: 'pre',
        async handler() {
          if (!context.isWatch) app = await joinSession(context.options, context.root)
        },
      },
    },
    {
      ...seal,
      enforce: 'post',
      apply: 'build',
      buildApp: {
        order: 'post',
        async handler(builder) {
          // Vite builds all environments after this last hook if none was built; then there would be no end to wait for.
          const environments = Object.values(builder.environments)
          if (environments.every(environment => !environment.isBuilt)) {
            for (const environment of environments) await builder.build(environment)
          }
          await app?.leave('done')
        },
      },
    },
  ]
}

function isKnown({ name }: Plugin): boolean {
  return /^(?:vite|native|builtin|mapseal):|^mapseal$/.test(name)
}

function mayReadMaps({ generateBundle, writeBundle }: Plugin): boolean {
  return generateBundle !== undefined || writeBundle !== undefined
}

function settingOf(sourcemap: BuildOptions['sourcemap']): MapSetting {
  if (sourcemap === undefined) return 'unset'
  if (sourcemap === false) return 'off'
  return sourcemap === true ? 'visible' : sourcemap
}

function isPageEntry(chunk: { facadeModuleId: string | null; isEntry: boolean }): boolean {
  return chunk.isEntry && chunk.facadeModuleId !== null && /\.html$/.test(chunk.facadeModuleId)
}

/** Vite inlines such an entry's imports into the page and drops the file; with a snippet in it, it would have to stay. */
function isEntirelyImports(code: string): boolean {
  const rest = code.replace(/\bimport\s*(?:"[^"\n]*"|'[^'\n]*')\s*;?/g, '').replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
  return rest.trim() === ''
}

/** As Vite itself writes the URL of a script into a page. */
function publicUrl(config: ResolvedConfig, file: string, page: string): string {
  const hostId = page.replace(/^\//, '')
  const relative = posix.join(posix.relative(posix.dirname(hostId), '.') || '.', file)
  const isRelative = config.base === '' || config.base === './'
  const built = config.experimental.renderBuiltUrl?.(file, { type: 'asset', hostId, hostType: 'html', ssr: false })
  if (typeof built === 'string') return built
  if (built?.relative ?? (built === undefined && isRelative))
    return relative.startsWith('.') ? relative : `./${relative}`
  return posix.join(config.base, file).replace(/^(https?:)\/(?!\/)/, '$1//')
}
