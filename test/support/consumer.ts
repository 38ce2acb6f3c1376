/** The config of `tsc --init`, without the condition and the paths of this repository. */
export const consumerConfig = `{
  "compilerOptions": {
    "module": "nodenext", "target": "es2022", "strict": true, "noEmit": true, "skipLibCheck": true, "types": ["node"]
  }
}
`

/** A user's configs, one for each bundler, with wrong options that must be errors. */
export function consumer(importOf: (name: string) => string): string {
  const names = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'rsbuild', 'esbuild', 'farm', 'bun']
  return `${names.map(importOf).join('\n')}
import type { UserConfig } from 'vite' with { 'resolution-mode': 'import' }
import type { RollupOptions } from 'rollup' with { 'resolution-mode': 'import' }
import type { RolldownOptions } from 'rolldown' with { 'resolution-mode': 'import' }
import type { Configuration } from 'webpack' with { 'resolution-mode': 'import' }
import type { Configuration as RspackConfiguration } from '@rspack/core' with { 'resolution-mode': 'import' }
import type { RsbuildConfig } from '@rsbuild/core' with { 'resolution-mode': 'import' }
import type { UserConfig as FarmConfig } from '@farmfe/core' with { 'resolution-mode': 'import' }
import type { BuildOptions } from 'esbuild' with { 'resolution-mode': 'import' }
import { defineConfig, type Destination, mapseal, type Options } from 'mapseal'
import { directory } from 'mapseal/destinations/directory'

const destination: Destination = directory({ path: 'maps' })
export const options: Options = defineConfig({ release: { name: '1.4.0', dist: 'web' }, destinations: [destination] })
export const configs: [UserConfig, RollupOptions, RolldownOptions, Configuration, RspackConfiguration, BuildOptions] = [
  { plugins: [vite(options)] },
  { plugins: [rollup()] },
  { plugins: [rolldown()] },
  { plugins: [webpack(options)] },
  { plugins: [rspack()] },
  { plugins: [esbuild(options)] },
]
export const rsbuildConfig: RsbuildConfig = { plugins: [rsbuild(options)] }
export const farmConfig: FarmConfig = { plugins: [farm()] }
export const bunPlugins: { name: string }[] = [bun(options)]
export const unplugin: UserConfig = { plugins: [mapseal.vite(options)] }
export const esbuildOptions: BuildOptions = { plugins: [mapseal.esbuild()] }
export const webpackConfig: Configuration = { plugins: [mapseal.webpack()] }
// @ts-expect-error no such option
vite({ relase: '1.4.0' })
// @ts-expect-error neither text nor a name
webpack({ release: 14 })
`
}
