import { type ConnectedOptions, joinSession, type Participation } from '@mapseal/core'

/** What takes part from before the first bundle until after the last file: all between is one build, and one delivery. */
export interface WholeBuild {
  begin(root: string): Promise<void>
  end(): Promise<void>
}

export function createWholeBuild(options: ConnectedOptions): WholeBuild {
  let participation: Participation | undefined
  return {
    async begin(root) {
      participation = await joinSession(options, root)
    },
    async end() {
      await participation?.leave('done')
    },
  }
}
