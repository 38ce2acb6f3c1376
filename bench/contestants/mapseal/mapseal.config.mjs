import { sentry } from 'mapseal/destinations/sentry'

/** For `mapseal flush`; token and server come from the environment. */
export default { destinations: [sentry({ org: 'acme', project: 'web' })] }
