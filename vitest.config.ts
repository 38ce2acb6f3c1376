import { configDefaults, defineConfig } from 'vitest/config'
import { isLong, longOnly } from './test/long/files.ts'

/**
 * Packages run from source, so that tests need no build. Not `import`, which Vitest would pass on to `require` as well.
 */
const conditions = ['mapseal-source', 'node']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/*.test.ts', 'test/matrix/*.test.ts', 'test/company/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isLong ? [] : Object.keys(longOnly))],
    pool: 'forks',
    // One more than the machines of CI have cores: many tests wait for a server or for a limit of time.
    maxWorkers: 3,
    env: { NODE_ENV: 'production' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    globalSetup: 'test/matrix/summary.ts',
  },
})
