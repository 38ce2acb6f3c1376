export type { CommitLeniency, SetCommits } from '@mapseal/core'
