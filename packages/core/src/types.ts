/** Bytes as Node hands them round; a `Buffer` is one. */
export type Bytes = Uint8Array

/** The name of a deployed version, and which of its builds this is. */
export interface Release {
  name: string
  dist?: string
  /** What named it: the option, or the variable, as in `GITHUB_SHA`; for people. */
  source: string
}

/** The commit that was built, for people. */
export interface Commit {
  sha: string
  branch?: string
  /** The first line of its message. */
  subject?: string
}

/** A generated file with its map and debug ID. */
export interface Artifact {
  /** Relative to the output folder, with forward slashes. */
  path: string
  /** Canonical UUID: lower case, dashed. */
  debugId: string
  code: Bytes
  /** The source map's JSON, already edited to fit `code`. Absent where the bundler made none. */
  map?: Bytes
  /**
   * The same as the vault keeps it, each a gzip member with a header of ten bytes: for destinations that send it compressed, so that
   * it is compressed once. Then `code` and `map` are unpacked when they are read, and not before. Absent where one of them
   * is not UTF-8, or where the vault has it in zstd.
   */
  gzip?: { code: Bytes; map?: Bytes }
}

/** Bytes in the vault, and where they lie: in a pack, as a gzip member or a zstd frame of their own. */
export interface BlobRef {
  /** The digest of the bytes, in lower-case hex. */
  sha256: string
  /** Uncompressed, in bytes. */
  size: number
  /** The pack's name; a later build may refer to it too. */
  pack: string
  /** Where the member starts in the pack, in bytes. */
  offset: number
  /** The member's size in the pack, in bytes. */
  length: number
  /** The checksum of the packed member. */
  crc32: number
  /** Whether the bytes are not UTF-8, as source must be. */
  isBinary?: true
}

/** What a report has about one generated file of a build. */
export interface ReportedFile {
  /** Relative to `outDir`, with forward slashes. */
  path: string
  /** The output folder, relative to the project's root, with forward slashes; `''` is the root itself. */
  outDir: string
  debugId: string
  /** Absent where maps stay in the output and go nowhere else, so that the vault has nothing to do. */
  code?: BlobRef
  map?: BlobRef
  /** Why stacks of this file cannot be read: no map, or one that does not parse. Absent when they can. */
  problem?: string
  /** Where its comment leads, by the option `link`. */
  link?: string
  /** What other tools made of it after it was sealed. Absent where it ships with the bytes that were sealed. */
  fate?: Fate
}

/**
 * - `shifted`: our code stands elsewhere in the file, or text stands around it; the map follows it
 * - `inlined`: the file is a page or a script that holds our code; the map is one of the whole file
 * - `copied`: a file that the build did not seal, with the bytes of one that it did
 * - `compressed`: only a compressed copy ships
 * - `rewritten`: its positions are others, so it cannot be decoded
 * - `gone`: it is no longer in the output
 */
export type Fate = 'shifted' | 'inlined' | 'copied' | 'compressed' | 'rewritten' | 'gone'

/** The same, as its build record keeps it. */
export interface FileRecord extends ReportedFile {
  code: BlobRef
}

/** The state of one build's delivery to one destination. */
export interface Delivery {
  state: 'pending' | 'delivered' | 'failed'
  /** ISO 8601, UTC: when the state was last written. */
  at: string
  /** Artifacts that the destination acknowledged. */
  artifacts?: number
  /** How many of them it had acknowledged for an earlier part of the build: another bundler run of the same command. */
  earlier?: number
  /** Those that the destination has of a delivery that failed: what {@link artifactKey} makes of each. They are not sent again. */
  held?: string[]
  /** For people; never holds a token. */
  message?: string
}

/** One build's JSON in the vault. */
export interface BuildRecord {
  /** Sorts by time: `20261121T101500123Z-9f3c21ab`. */
  id: string
  /** The version of this format. */
  version: 1
  /** ISO 8601, UTC. */
  createdAt: string
  /**
   * `open`: written before any map left the output, and the build has not ended. `failed`: it ended with an error. Absent
   * once the build has ended well.
   */
  state?: 'open' | 'failed'
  /** The processes that have not ended their part: `<pid>.<hostname>`, with a space between two. */
  openedBy?: string
  /** The project that was built, as `projectName` gives it. With the output folders of `files` it identifies the app. */
  project?: string
  /** The value of `MAPSEAL_BUILD`: processes that share it add to one record. */
  command?: string
  release?: Release
  commit?: Commit
  /** What stands before each path in the URLs of its files, instead of what a destination's options say. */
  urlPrefix?: string
  /** Slugs of the projects it belongs to on the server that it was uploaded to. */
  projects?: string[]
  files: FileRecord[]
  /** Scripts that were in the output folders at the end and that this build did not make. */
  others?: OtherScript[]
  /** By the destination's name. */
  deliveries: Record<string, Delivery>
}

/** A script that another tool copied or wrote into an output folder, such as a service worker: it has no debug ID. */
export interface OtherScript {
  outDir: string
  path: string
  sha256: string
}

/** How a pack is made. */
export interface PackOptions {
  /** Compress beside the event loop; for servers, since it takes half as much CPU time again. */
  isApart?: boolean
  /** Pack as {@link Artifact.gzip}, not in zstd. @default true before Node 22.15, which has no zstd */
  isGzip?: boolean
  /** The newest build, whose files are not stored again; for callers that know it already. */
  newest?(): Promise<BuildRecord | undefined>
}

/** A build as the index of a vault has it. */
export interface IndexedBuild {
  id: string
  /** ISO 8601, UTC. */
  createdAt: string
  /** When it was indexed, in ms. */
  at: number
  release?: Pick<Release, 'name' | 'dist'>
  /** The same for all builds of one project into the same folders. */
  app: string
  /** The packs that its files are in. */
  packs: string[]
}

/** What builds hold, as it was when it was read. Some of them may have been forgotten since, so only their records are certain. */
export interface BuildIndex {
  /** Newest first. */
  builds(): IndexedBuild[]
  /**
   * Builds that hold something, newest first; of two things with the same hash, those with either.
   *
   * @param kind the debug ID of a file, the name at the end of its path as `nameIn` gives it, the name of a release, or the
   *   16 digits at the end of an upload's ID
   */
  find(kind: 'id' | 'name' | 'release' | 'upload', value: string): Promise<IndexedBuild[]>
}

/** Bytes that several ask for at about the same time, so that they are made and held once. */
export interface Recent {
  /** Those of this digest. */
  get(sha256: string, make: () => Bytes): Bytes
}

/** The store of artifacts and of what was delivered. Blobs are immutable; records are replaced whole. */
export interface Vault {
  /** For people: the folder or the URL. */
  location: string
  /** Begins to take in a build's artifacts. */
  newPack(options?: PackOptions): Pack
  /** Writes or replaces a build's record; its packs are committed before. */
  record(build: BuildRecord): Promise<void>
  /**
   * Changes a record, so that no other process's change of it is lost.
   *
   * @param change gives the new record for the one that is there, or that same one, or undefined, where there is nothing to
   *   change. It may be called several times, also on what it gave before
   * @returns what `change` gave last
   * @throws MapsealError if the vault cannot be written, or the record cannot be read
   */
  amend(
    id: string,
    change: (build: BuildRecord | undefined) => BuildRecord | undefined,
  ): Promise<BuildRecord | undefined>
  /**
   * The ID of the build that the processes of one command add to: the first to come gives it. In a store without conditional
   * writes each process has its own.
   *
   * @param id the one to take where there is none, or where it is `replaced`
   */
  claim(command: string, id: string, replaced?: string): Promise<string>
  /**
   * One build's record as it is now; undefined where there is none. An unreadable one is passed to `onUnreadable`.
   *
   * @throws MapsealError that names it if it is unreadable, where nothing is called for that
   */
  find(id: string, onUnreadable?: (file: string, cause: unknown) => void): Promise<BuildRecord | undefined>
  /** The record of the newest build; undefined if there is none, or if it cannot be read. */
  newest(): Promise<BuildRecord | undefined>
  /** All records, newest first. An unreadable one is passed to `onUnreadable` and skipped. */
  records(onUnreadable?: (file: string, cause: unknown) => void): Promise<BuildRecord[]>
  /** What its builds hold, without reading their records. One that cannot be read and is not in the index is passed to `onUnreadable`. */
  index(onUnreadable?: (file: string, cause: unknown) => void): Promise<BuildIndex>
  /** Records with a pending delivery, newest first. */
  pending(onUnreadable?: (file: string, cause: unknown) => void): Promise<BuildRecord[]>
  /** One blob's bytes, decompressed and checked against its name. @throws MapsealError if absent or damaged. */
  read(blob: BlobRef): Promise<Bytes>
  /**
   * The artifacts of a build, one at a time.
   *
   * @param recent shared with others who read the same build now, so that each file is unpacked once. None may change the bytes
   */
  artifacts(build: BuildRecord, recent?: Recent): AsyncIterable<Artifact>
  /** Deletes a build's record; its blobs go with the next `prune`. */
  forget(id: string): Promise<void>
  /**
   * Forgets builds beyond the newest `retain` of each app, and the packs that only they named. A build stays while it has
   * a pending delivery, for a week, while its process runs, and if it was uploaded to a server.
   *
   * @returns a warning for each thing that went wrong; never throws, as the build itself is complete by then
   */
  prune(retain: number, options?: PruneOptions): Promise<string[]>
}

export interface PruneOptions {
  /** The ID of the build that prunes; it is never forgotten. */
  caller?: string
  /** Prunes builds that were uploaded to a server, and no others. All of them count, whatever their age. */
  uploads?: boolean
}

/** What a build adds to the vault. */
export interface Pack {
  /** Stores an artifact's bytes, unless the vault has them, and says what a build record needs to find them again. */
  put(artifact: Artifact): Promise<Pick<FileRecord, 'code' | 'map'>>
  /** Makes durable what was put so far. More may follow. */
  commit(): Promise<void>
  /** Drops what was put since the last commit, for a build that failed. */
  discard(): Promise<void>
}

/** A run-time global that the snippet fills: `global[stack] = entry`. */
export interface Registry {
  /** Such as `_sentryDebugIds`: an ASCII identifier. */
  global: string
  /** The value for one file, as JSON can hold it. @default the debug ID itself */
  entry?: (debugId: string, release?: Release) => unknown
}

export interface Logger {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}
