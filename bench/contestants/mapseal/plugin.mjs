/** @param {import('../../builds/types.ts').Job} job */
export async function pluginsFor({ bundler, mode, url, vault, release }) {
  const { default: mapseal } = await import(`mapseal/${bundler.replace(/\d$/, '')}`)
  const common = { vault, release, onError: 'fail' }
  if (mode === 'inject') return [mapseal({ ...common, output: 'keep' })]
  if (mode === 'vault') return [mapseal(common)]
  const { sentry } = await import('mapseal/destinations/sentry')
  return [mapseal({ ...common, destinations: [sentry({ org: 'acme', project: 'web', authToken: 'secret', url })] })]
}
