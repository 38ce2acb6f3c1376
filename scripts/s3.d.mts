/** A real object store. The AWS SDK and Amazon's tools read `env`. */
export interface S3Store {
  endpoint: string
  env: Record<string, string>
  dir: string
  /** Ends the store and deletes its folder. */
  stop(): Promise<void>
}

export const s3Packages: string[]
export function hasS3(): boolean
export function startS3(): Promise<S3Store>
