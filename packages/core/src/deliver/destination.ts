import type { Fetch, Network } from '../http/types.ts'
import type { Artifact, BuildRecord, Logger, Registry, Release } from '../types.ts'

/** What a destination returns once the server has confirmed the delivery. */
export interface DeliveryReport {
  /** How many artifacts it now holds, those it already had among them. */
  artifacts: number
  /** For people, for the summary line. */
  message?: string
}

export interface DeliveryContext {
  fetch: Fetch
  signal: AbortSignal
  logger: Logger
  /** Whether the destination had other files of this build, and its release, before. */
  isAddition?: boolean
  /** PEM certificates to trust besides the default ones, for clients of a destination's own; `fetch` does. */
  ca?: Network['ca']
  /** Maximum files in memory at a time: the destinations of a build share what there is. @default 6 */
  parallel?: number
  /**
   * Nothing is to be changed anywhere: `fetch` prints requests, and answers each with its `sample`. What is done without `fetch` has to
   * look at this.
   */
  isDryRun?: boolean
  /** Called as bytes are acknowledged; for the progress line. */
  onProgress?: (sentBytes: number, totalBytes: number) => void
  /** Called as a single artifact is acknowledged. If the delivery fails later, it is not sent again. */
  onHeld?: (artifact: Pick<Artifact, 'path' | 'debugId'>) => void
  /** The URLs of a file from its path, by the option `urls`; absent without it. */
  urls?: (path: string) => string[]
}

/** A rollout of a release. */
export interface Deploy {
  release: string
  environment: string
  name?: string
  url?: string
  /** ISO 8601. */
  started?: string
  finished?: string
}

/** Which commits a release holds. */
export type SetCommits =
  | ({
      /** Find the repository and the commits: by git, else by what the CI system says. */
      auto: true
    } & CommitLeniency)
  | ({
      /** Its name at the server, such as `acme/shop`. */
      repository: string
      /** A hash, or what git makes one of, such as `HEAD` or a tag. */
      commit: string
      /** The last commit of the release before. @default what the server knows of it */
      previousCommit?: string
    } & CommitLeniency)
  | false

export interface CommitLeniency {
  /**
   * Take the newest 20 commits where the previous release's last one is not in the history, rather than fail.
   * @default false
   */
  ignoreMissing?: boolean
  /**
   * Say nothing where there is no commit since the previous release.
   * @default false
   */
  ignoreEmpty?: boolean
}

/** A release as the vendor has it; dates are ISO 8601. */
export interface KeptRelease {
  version: string
  created?: string
  /** Absent until it is finalized. */
  released?: string
}

/** What a vendor keeps of releases besides artifacts, for `mapseal release`. All throw where the server refuses. */
export interface ReleaseKeeping {
  create(version: string, fields: { url?: string; isFinal?: boolean }, context: DeliveryContext): Promise<void>
  /** @returns what was set, for people; undefined if nothing was */
  setCommits(version: string, setting: SetCommits, context: DeliveryContext): Promise<string | undefined>
  /** @param fields `date` is ISO 8601, by default now */
  finalize(version: string, fields: { url?: string; date?: string }, context: DeliveryContext): Promise<void>
  /** Newest first. */
  list(context: DeliveryContext): Promise<KeptRelease[]>
  /** The names of the files that are found by this release. */
  files(version: string, context: DeliveryContext): Promise<string[]>
  /** The environments it was deployed to, newest first. */
  deploys(version: string, context: DeliveryContext): Promise<{ environment: string; finished?: string }[]>
}

/** Where artifacts are delivered; the value that a factory such as `directory()` returns. */
export interface Destination {
  name: string
  /** Tells apart destinations of one name, such as two projects of one vendor; holds no secret. */
  identity?: string
  /** The run-time globals that the snippet must fill for this vendor. */
  registries?: Registry[]
  /**
   * What has to be set before it can deliver, such as a token, in sentences for people; undefined if nothing is missing. Outside
   * CI a build then passes the destination over: a developer's machine has no token, and none of its builds is to wait for one.
   */
  lacks?(): Promise<string | undefined>
  /**
   * Run-time globals that every script sets when it starts, by their names. The values are what JSON can hold,
   * or a function that makes one of the file's debug ID. They are part of the file: its name and its debug ID depend on them.
   */
  globals?: Record<string, unknown>
  /** The same for the script that carries the release; other scripts stay as they are from release to release. */
  releaseGlobals?: (release: Release) => Record<string, unknown>
  /** Adds to the snippet alone: nothing is delivered, nor recorded as pending. */
  isSnippetOnly?: boolean
  /** Sends {@link Artifact.gzip} as it is. Builds for it are packed so; those of others in zstd, where Node has it. */
  sendsGzip?: boolean
  /**
   * The URLs in stacks for which the vendor takes the map of a script, from its path; `*` is any text. Absent where it goes by debug
   * ID. @throws MapsealError as `deliver` does, where it cannot know
   */
  matches?(path: string, build: BuildRecord, context: Pick<DeliveryContext, 'urls'>): string[]
  /** @throws when the artifacts have not arrived; the pipeline alone decides what that means for the build. */
  deliver(build: BuildRecord, artifacts: AsyncIterable<Artifact>, context: DeliveryContext): Promise<DeliveryReport>
  /** Marks a rollout, where the vendor keeps them. */
  deploy?(deploy: Deploy, context: DeliveryContext): Promise<void>
  /** Releases by hand, where the vendor keeps them. */
  releases?: ReleaseKeeping
}
