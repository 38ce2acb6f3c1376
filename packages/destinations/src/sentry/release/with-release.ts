import type { BuildRecord, DeliveryContext, DeliveryReport, Deploy } from '@mapseal/core'
import type { SentryConfig } from '../api.ts'
import type { Surroundings } from '../config/config.ts'
import { type SetCommits, setCommits } from './commits.ts'
import { detectDeploy, markDeploy } from './deploys.ts'
import { createRelease, finalizeRelease } from './releases.ts'

/** What is kept of the release beside its artifacts. */
export interface SentryReleaseOptions {
  /** Makes the release before the upload; without it, the rest is done to the one that is there. @default true */
  create?: boolean
  /** Where people can read of it. */
  url?: string
  /** Which commits it holds. @default what git and the CI system say, and a warning where they say nothing */
  setCommits?: SetCommits
  /** Sets its date. @default true */
  finalize?: boolean
  /** The rollout that this build is part of. @default what Vercel, Netlify, Cloudflare Pages or Render say */
  deploy?: Omit<Deploy, 'release'> | false
}

/** The release before the artifacts, the rest after them: a release is not final while its maps are missing. */
export async function withRelease(
  options: SentryReleaseOptions | undefined,
  { release }: BuildRecord,
  config: SentryConfig,
  context: DeliveryContext,
  { cwd, env }: Pick<Surroundings, 'cwd' | 'env'>,
  upload: () => Promise<DeliveryReport>,
): Promise<DeliveryReport> {
  if (!options || !release || context.isAddition) return upload()
  const { name } = release
  const details = options.url === undefined ? {} : { url: options.url }
  if (options.create !== false) await createRelease(context, config, name, details)
  const report = await upload()
  const commits = await setCommits(context, config, name, options.setCommits, { root: cwd, env })
  if (options.finalize !== false) await finalizeRelease(context, config, name, details)
  const deploy = options.deploy === false ? undefined : (options.deploy ?? detectDeploy(env))
  if (deploy) await markDeploy(context, config, { ...deploy, release: name })
  return { ...report, message: [report.message, commits].filter(Boolean).join('; ') }
}
