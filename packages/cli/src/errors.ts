import { MapsealError } from '@mapseal/core'

/** The command was called in a way it does not understand; exit code 2. */
export class UsageError extends MapsealError {
  override name = 'UsageError'

  constructor(message: string) {
    super('cli', message)
  }
}
