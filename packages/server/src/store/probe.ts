import { randomBytes } from 'node:crypto'
import { MapsealError, reason, type Store } from '@mapseal/core'

/**
 * Does once what requests will need, so that an unusable store is reported at the start. The key is random and under no
 * prefix that is listed, so that one which a killed server leaves behind does no harm.
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
    // Errors of stores already name the place, and say what to do.
    if (cause instanceof MapsealError) throw cause
    throw new MapsealError(
      'server',
      `${store.location} cannot be served: ${reason(cause)}. Make it writable, or choose another vault.`,
      { cause },
    )
  }
}
