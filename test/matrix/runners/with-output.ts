import type { InlineConfig, Rolldown } from 'vite'

/** A Vite config with more options of the bundler's output. */
export function withOutput(config: InlineConfig, more: Rolldown.OutputOptions): InlineConfig {
  const { rollupOptions = {} } = config.build ?? {}
  const output = { ...rollupOptions.output, ...more } as Rolldown.OutputOptions
  return { ...config, build: { ...config.build, rollupOptions: { ...rollupOptions, output } } }
}
