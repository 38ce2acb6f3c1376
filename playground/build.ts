import { rm } from 'node:fs/promises'
import * as esbuild from 'esbuild'
import HtmlWebpackPlugin from 'html-webpack-plugin'
import { build as buildWithVite, type PluginOption } from 'vite'
import webpack, { type Configuration } from 'webpack'
import * as esbuildConfig from './esbuild.mjs'
import viteConfig from './vite.config.ts'
import webpackConfig from './webpack.config.js'

/** The bundlers that build the playground, with what each takes as a plugin. */
export interface Plugins {
  vite: PluginOption
  webpack: NonNullable<Configuration['plugins']>[number]
  esbuild: esbuild.Plugin
}

/** Builds the playground into an emptied `outDir`, with `plugins` in place of the config's own when given. */
export type Build<Name extends keyof Plugins> = (outDir: string, plugins?: Plugins[Name][]) => Promise<void>

export const builds: { [Name in keyof Plugins]: Build<Name> } = {
  async vite(outDir, plugins = viteConfig.plugins) {
    const build = { ...viteConfig.build, outDir, emptyOutDir: true }
    await buildWithVite({
      ...viteConfig,
      root: import.meta.dirname,
      configFile: false,
      logLevel: 'warn',
      build,
      plugins,
    })
  },

  async webpack(outDir, plugins) {
    const config = {
      ...webpackConfig,
      output: { ...webpackConfig.output, path: outDir, clean: true },
      plugins: plugins ? [...(webpackConfig.plugins ?? []).filter(isPage), ...plugins] : webpackConfig.plugins,
    }
    await runWebpack(config)
  },

  async esbuild(outDir, plugins = esbuildConfig.options.plugins) {
    await rm(outDir, { recursive: true, force: true })
    await esbuild.build({ ...esbuildConfig.options, outdir: outDir, plugins, logLevel: 'warning' })
  },
}

function isPage(plugin: unknown): boolean {
  return plugin instanceof HtmlWebpackPlugin
}

function runWebpack(config: Configuration): Promise<void> {
  return new Promise((done, fail) => {
    const compiler = webpack(config)
    compiler.run((error, stats) => {
      compiler.close(closeError => {
        const cause = error ?? closeError
        if (cause) return fail(cause)
        if (stats?.hasErrors()) return fail(new Error(stats.toString('errors-only')))
        done()
      })
    })
  })
}
