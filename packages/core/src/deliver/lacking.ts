import { isCI } from '../build/is-ci.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Destination } from './destination.ts'

export interface Deliverable {
  destinations: Destination[]
  /** A line for each destination that is passed over. */
  skipped: string[]
}

/** Passes over the destinations that lack something, where a build would deliver and CI would not have set it. */
export async function deliverable(
  { destinations, deliver }: Pick<ResolvedOptions, 'destinations' | 'deliver'>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Deliverable> {
  // With 'later' another machine delivers, which has its own credentials.
  if (isCI(env) || deliver === 'later') return { destinations, skipped: [] }
  const lacks = await Promise.all(destinations.map(lackOf))
  return {
    destinations: destinations.filter((_, index) => lacks[index] === undefined),
    skipped: destinations.flatMap(({ name }, index) =>
      lacks[index] === undefined ? [] : [`[mapseal] [${name}] Skipped outside CI: ${lacks[index]}`],
    ),
  }
}

/** Where that cannot be found out, the delivery itself reports it. */
export async function lackOf(destination: Destination): Promise<string | undefined> {
  try {
    return await destination.lacks?.()
  } catch {
    return undefined
  }
}
