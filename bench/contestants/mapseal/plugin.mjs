/** @param {import('../../builds/types.ts').Job} job */
export async function pluginsFor({ bundler, mode, url, vault, release }) {
  const { default: mapseal } = await import(`mapseal/${bundler.replace(/\d$/, '')}`)
  const common = { vault, release, onError: 'fail' }
  if (mode === 'inject') return [mapseal({ ...common, output: 'keep' })]
  if (mode === 'vault') return [mapseal(common)]
  const { sentry } = await import('mapseal/destinations/sentry')
  const destinations = [sentry({ org: 'acme', project: 'web', authToken: 'secret', url: url ?? 'http://127.0.0.1:9' })]
  return [mapseal({ ...common, destinations, deliver: mode === 'later' ? 'later' : 'now' })]
}
