/** Tests that `npm test` leaves to `npm run test:long`, each with what it shows: our code in other versions, tools of others. */
export const longOnly: Record<string, string> = {
  'test/matrix/vite7.test.ts': 'the matrix with Vite 7',
  'test/matrix/old-vite.test.ts': 'the telling cases of the matrix with Vite 5, 6 and 8.0',
  'test/matrix/old-rollup.test.ts': 'the same with Rollup 3, and the oldest Rollup 4',
  'test/matrix/old-rolldown.test.ts': 'the same with the oldest Rolldown',
  'test/exact.test.ts': 'every mapping of whole apps',
  'test/starters.test.ts': 'starters that people begin with, moved over by `mapseal init`',
  'test/sentry-words.test.ts': 'command lines of `sentry-cli`, and ours',
  'test/uploaders.test.ts': "the vendors' own uploaders, and our destinations",
  'test/ci-recipes.test.ts': 'what docs/ci.md shows',
  'packages/sentry-compat/test/same.test.ts': "one config with Sentry's plugins and with ours",
}

/** Tests that have more cases in the long run: those that ask for `isLong`. */
export const longer: Record<string, string> = {
  'test/matrix/old-webpack.test.ts': 'the telling cases of the matrix with webpack 5.75',
  'test/matrix/old-rspack.test.ts': 'the same with Rspack 1',
  'test/matrix/old-esbuild.test.ts': 'the same with esbuild 0.19',
  'test/company/hooks.test.ts': 'another plugin fails in each of its hooks, on every host',
  'test/stops.test.ts': 'a stop at every operation, on every host, with each kind of vault',
  'packages/server/test/clients.test.ts': "Sentry's command lines and our server, with each kind of vault",
  'packages/server/test/two-servers-history.test.ts': 'two servers on a store that delays and fails: what clients see',
  'packages/server/test/plugins.test.ts': "Sentry's plugins and our server, with each kind of vault",
}

export const isLong: boolean = process.env.MAPSEAL_TESTS === 'long'
