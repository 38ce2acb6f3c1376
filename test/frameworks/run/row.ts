/** One project of a framework. Its app is a folder of `apps`; every app throws the same errors, see {@link errorOf}. */
export interface Row {
  /** Also the name of the result. */
  name: string
  /** As the page calls it. */
  title: string
  /** The folder below `apps`, where several rows share one. */
  app?: string
  /** Where Mapseal's plugin runs, in a monorepo. @default the app's folder */
  project?: string
  /** The package whose version the page has. */
  framework: string
  /** The user's part: one line or one command. */
  hook: string
  /** Run one after the other: a file below `node_modules` and its arguments, or `mapseal` and its. */
  build: string[][]
  /** Environment of the build, such as what an app's config chooses by. */
  env?: Record<string, string>
  /** What builds write, removed first. */
  outputs: string[]
  /** What is deployed: checked. */
  deployed: string[]
  /** Adds what the framework's own guide says to copy by hand. */
  copies?: [from: string, to: string][]
  run: Run
  /** Why it is not run: such as that it does not work without Mapseal either. */
  broken?: string
  /** Why fewer scripts decode than there are, or others than have a map without us, where that is by the framework's design. */
  explained?: string
}

export type Run =
  /** A server that listens on `PORT`; it answers `/api/boom` with the stack of an error, `/api/edge` likewise, and `/` with a page. */
  | {
      kind: 'server'
      start: string[]
      hasPage: boolean
      hasApi: boolean
      hasEdge?: boolean
      env?: Record<string, string>
    }
  /**
   * A folder of static files, and the page to open. With `newVersion`, a file is changed and all built again: then the service
   * worker of the page has to get there, and the page to run.
   */
  | { kind: 'static'; dir: string; page?: string; newVersion?: { file: string; from: string; to: string } }
  /** A program that prints the stack of an error. */
  | { kind: 'program'; start: string[] }

/** The text of the error that each side throws; the source has it in the line that throws. */
export const errorOf = {
  server: 'boom on the server',
  edge: 'boom on the edge',
  client: 'boom in the browser',
} as const
export type Side = keyof typeof errorOf

export interface Result {
  /** Hash of the app and the row: a result with another key is stale. */
  key: string
  versions: Record<string, string>
  scripts: number
  withId: number
  /** Scripts whose map has a source. */
  decodable: number
  /** Likewise, where the same build is made without us. */
  plainMaps: number
  /** The scripts that make the difference of both, each in one of the builds alone; hashes in names do not count. */
  onlyDecodable: string[]
  onlyPlain: string[]
  mapsLeft: number
  records: number
  deliveries: number
  /** Lines of ours that are not the last of the build. */
  warnings: string[]
  /** What `mapseal check` says of the deployed folders; empty where that is nothing. */
  problems: string[]
  /** The deliberate leaks that `check` did not find. */
  missedLeaks: string[]
  /** `file:line` with the line of source, or why not. */
  stacks: Partial<Record<Side, string>>
  /** As the page knows it, by the global that SDKs read. */
  release?: string
  /** What the service worker did with the second version. */
  newVersion?: string
}
