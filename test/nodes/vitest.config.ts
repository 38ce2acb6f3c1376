import { mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** What needs other versions of Node: `npm run nodes` installs and names them. */
const config: ReturnType<typeof mergeConfig> = mergeConfig(base, {})
config.test.include = ['test/nodes/*.test.ts']
config.test.globalSetup = []

export default config
