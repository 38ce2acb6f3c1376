/** A real object store; `env` is what the AWS SDK and tools read. */
export interface S3Store {
  endpoint: string
  env: Record<string, string>
  dir: string
  /** Ends it and deletes its folder. */
  stop(): Promise<void>
}

export const s3Packages: string[]
export function hasS3(): boolean
export function startS3(): Promise<S3Store>
