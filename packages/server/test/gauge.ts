import { expect } from 'vitest'

/** A value of `/metrics`. */
export async function gauge(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}

/** Waits until the server has started on a request whose rest is still to come. */
export async function isTaken(url: string): Promise<void> {
  // The request for the gauge counts too.
  const own = 1
  await expect.poll(() => gauge(url, 'mapseal_requests_under_way')).toBeGreaterThan(own)
}
