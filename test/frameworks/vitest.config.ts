import { mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** Real frameworks, each installed on its own at its first run. */
const config: ReturnType<typeof mergeConfig> = mergeConfig(base, {})
config.test.include = ['test/frameworks/*.test.ts']
config.test.globalSetup = []
config.test.maxWorkers = 1
config.test.testTimeout = 900_000
config.test.hookTimeout = 900_000

export default config
