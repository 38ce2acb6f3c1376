import { type ConnectedOptions, settleOutput } from '@mapseal/core'
import type { RsbuildConfig, RsbuildPlugin, Rspack } from '@rsbuild/core'
import { requireVersion } from '../../versions.ts'
import { webpackHost } from '../webpack/host.ts'

/** Rsbuild: {@link webpackHost} in the compiler of every environment, which together make one build. */
export function rsbuildHost(options: ConnectedOptions): Pick<RsbuildPlugin, 'setup'> {
  return {
    setup(api) {
      requireVersion('Rsbuild', api.context.version)
      api.modifyRspackConfig((config, { environment }) => {
        if (api.context.action !== 'build') return
        const isOpen = leavesMapsOpen(api.getRsbuildConfig('original'), environment.name)
        if (isOpen) undoDefault(config)
        const settled = settleOutput(options, isOpen ? 'unset' : 'visible')
        const setting = '"output.sourceMap"'
        config.plugins?.push({ apply: (compiler: object) => webpackHost(compiler as never, settled, setting) })
      })
    },
  }
}

/** Whether the user's own config says nothing about the source maps of scripts. */
function leavesMapsOpen({ output, environments }: RsbuildConfig, environment: string): boolean {
  const setting = environments?.[environment]?.output?.sourceMap ?? output?.sourceMap
  return setting === undefined || (typeof setting === 'object' && setting.js === undefined)
}

/** Rsbuild always sets `devtool`; {@link webpackHost} must not take that for the user's word. */
function undoDefault(config: Rspack.Configuration): void {
  if (!config.devtool) delete config.devtool
  else if (!/^hidden-/.test(config.devtool)) config.devtool = `hidden-${config.devtool}` as Rspack.DevTool
}
