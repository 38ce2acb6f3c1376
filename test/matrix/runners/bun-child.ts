import type { Options } from 'mapseal'
import mapseal from 'mapseal/bun'

declare const Bun: { build(config: object): Promise<unknown> }

const { plugins, config } = JSON.parse(process.argv[2] as string) as { plugins: Options[]; config: object }
const warnings: string[] = []
const warn = (message: string) => void warnings.push(message)
const logger = { info() {}, warn, error: warn }

await Bun.build({ ...config, plugins: plugins.map(options => mapseal({ ...options, logger })) })
console.log(JSON.stringify(warnings))
