import { type BuildRecord, didYouMean, MapsealError } from '@mapseal/core'

/** A value that a destination needs: an option, else a variable. Read when it is needed, so that a config without it can be loaded. */
export interface Setting {
  /** @throws MapsealError that says how to set it */
  get(): string
  /** A sentence for people where it is not set. */
  lack(): string | undefined
}

/** @param variables in order of precedence */
export function setting(part: string, option: string, value: string | undefined, ...variables: string[]): Setting {
  const find = () => [value, ...variables.map(name => process.env[name])].map(text => text?.trim()).find(Boolean)
  const advice = variables[0] ? `Set ${variables[0]}, or the option "${option}" of ${part}().` : `Set it in ${part}().`
  const lack = () => (find() ? undefined : `The option "${option}" has no value. ${advice}`)
  return {
    get() {
      const found = find()
      if (found === undefined) throw new MapsealError(part, lack() as string)
      return found
    },
    lack,
  }
}

/** For `Destination.lacks`: what the first setting without a value says. */
export function lacking(...settings: Setting[]): () => Promise<string | undefined> {
  return async () => settings.map(each => each.lack()).find(Boolean)
}

/** @throws MapsealError for an option that the destination does not have */
export function checkOptions(part: string, options: object, known: string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new MapsealError(part, `There is no option "${key}".${didYouMean(key, known)}`)
    }
  }
}

/** The name by which the vendor finds the maps of a build. @throws MapsealError if the build has none */
export function releaseOf(part: string, { release }: BuildRecord): string {
  if (release) return release.name
  throw new MapsealError(
    part,
    `The build has no release, and ${part} finds source maps by it. Set MAPSEAL_RELEASE, or the option "release".`,
  )
}

/** A server's address without slashes at its end. */
export function origin(url: string): string {
  return url.replace(/\/+$/, '')
}
