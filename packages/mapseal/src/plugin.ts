import { type Connect, type ConnectedOptions, type Options, resolveOptions } from '@mapseal/core'
import { version } from './version.ts'
import { requireVersion } from './versions.ts'

/** How every entry begins. @throws MapsealError for an unfit Node.js or option */
export function connectOptions(userOptions: Options | undefined): ConnectedOptions {
  requireVersion('Node.js', process.versions.node)
  return { ...resolveOptions(userOptions), connect }
}

/** What a bundler that must have a plugin gets where Mapseal is switched off. */
export const disabled: { name: string } = { name: 'mapseal' }

/** Loaded when something is delivered over HTTP, and not before. */
const connect: Connect = async (signal, network) => {
  const { createFetch } = await import('@mapseal/core/http')
  return createFetch({ ...network, signal, userAgent: `mapseal/${version}` })
}
