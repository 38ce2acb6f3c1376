import { expect } from 'vitest'

/** A value of `/metrics`. */
export async function gauge(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}

/** Until the server has begun with a request of which the rest is still to come. */
export async function isTaken(url: string): Promise<void> {
  const asking = 1
  await expect.poll(() => gauge(url, 'mapseal_requests_under_way')).toBeGreaterThan(asking)
}
