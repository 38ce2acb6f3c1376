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
