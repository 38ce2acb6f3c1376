import { randomBytes } from 'node:crypto'
import { MapsealError, reason, type Store } from '@mapseal/core'

/**
 * Does once what all requests will need, so that a store that cannot be used is told of at the start. The key is below no
 * prefix that anyone lists, and no other server's: one that a killed server leaves behind is in nobody's way.
 *
 * @throws MapsealError that says what to do
 */
export async function probeStore(store: Store): Promise<void> {
  const key = `probe-${randomBytes(8).toString('hex')}`
  const bytes = Buffer.from('Mapseal wrote this to see whether it can. Delete it.\n')
  try {
    for await (const _ of store.list('tokens/')) break
    await store.put(key, bytes)
    const found = await store.get(key).finally(() => store.delete(key))
    if (!found?.equals(bytes)) throw new Error('what was written is not there')
  } catch (cause) {
    // Those of stores name the place, and say what to do.
    if (cause instanceof MapsealError) throw cause
    throw new MapsealError(
      'server',
      `${store.location} cannot be served: ${reason(cause)}. Make it writable, or name another vault.`,
      { cause },
    )
  }
}
