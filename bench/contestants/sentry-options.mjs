/** Sentry's options in versions 5 and 11, which are the same here. @param {import('../builds/types.ts').Job} job */
export function optionsOf({ mode, url, release, outDir }) {
  // There is no way out to their servers here, and waiting for it would be held against them.
  process.env.SENTRY_CLI_NO_TELEMETRY = '1'
  const common = { telemetry: false, silent: true }
  if (mode === 'inject') {
    return { ...common, release: { name: release, create: false }, sourcemaps: { disable: 'disable-upload' } }
  }
  return {
    ...common,
    org: 'acme',
    project: 'web',
    authToken: 'secret',
    url,
    release: { name: release, setCommits: false, deploy: false },
    sourcemaps: { filesToDeleteAfterUpload: [`${outDir}/**/*.map`] },
    errorHandler: error => {
      throw error
    },
  }
}
