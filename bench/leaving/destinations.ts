import type { Destination } from '@mapseal/core'
import { bugsnag } from '@mapseal/destinations/bugsnag'
import { datadog } from '@mapseal/destinations/datadog'
import { posthog } from '@mapseal/destinations/posthog'
import { sentry } from '@mapseal/destinations/sentry'

/** One vendor that finds maps by release and URL, and with it the three that find them by debug ID. */
export function destinationsAt(url: string, count: number): Destination[] {
  const all = [
    bugsnag({ apiKey: 'k', url, urls: 'https://shop.example/' }),
    sentry({ url, authToken: 'secret-token', org: 'acme', project: 'web' }),
    posthog({ personalApiKey: 'key-of-a-person', projectId: '1', url }),
    datadog({ apiKey: 'k', url: `${url}/srcmap` }),
  ]
  return all.slice(0, count)
}
