/** Sentry's options in versions 5 and 11, which are the same here. @param {import('../builds/types.ts').Job} job */
export function optionsOf({ mode, url, release, outDir }) {
  // Their servers cannot be reached from here, and the wait would count against them.
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
