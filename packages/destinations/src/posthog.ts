import { type Bytes, type Destination, HttpError, type HttpResponse, mapLimit } from '@mapseal/core'
import { multipart } from './vendor/multipart.ts'
import { container, contentHash } from './vendor/posthog-container.ts'
import { checkOptions, lacking, origin, setting } from './vendor/settings.ts'
import { type MappedArtifact, uploadBatches } from './vendor/upload.ts'

export interface PosthogOptions {
  /** The number in the URL of the project. @default `POSTHOG_CLI_PROJECT_ID` */
  projectId?: string
  /** A personal API key with the scope `error_tracking:write`. @default `POSTHOG_CLI_API_KEY` */
  personalApiKey?: string
  /** @default `POSTHOG_CLI_HOST`, else `https://us.posthog.com` */
  url?: string
}

const known = ['projectId', 'personalApiKey', 'url'] satisfies (keyof PosthogOptions)[]

/** Where a file goes: an object storage's form. */
interface Presigned {
  symbol_set_id: string
  presigned_url: { url: string; fields: Record<string, string> }
}

/**
 * Delivers to PostHog's error tracking as symbol sets, which are found by chunk ID: the debug ID. They belong to no release, so that
 * a build needs no network before its scripts are written.
 *
 * Wire format: posthog-cli 0.18, and the server's `error_tracking/symbol_sets` API.
 */
export function posthog(options: PosthogOptions = {}): Destination {
  checkOptions('posthog', options, known)
  const projectId = setting('posthog', 'projectId', options.projectId, 'POSTHOG_CLI_PROJECT_ID')
  const apiKey = setting('posthog', 'personalApiKey', options.personalApiKey, 'POSTHOG_CLI_API_KEY')
  // The host that the SDK sends events to has another name than that of the API.
  const server = () =>
    origin(options.url ?? process.env.POSTHOG_CLI_HOST ?? 'https://us.posthog.com').replace(
      /\b(us|eu)\.i\.posthog\.com$/,
      '$1.posthog.com',
    )

  return {
    name: 'posthog',
    identity: JSON.stringify([options.url, options.projectId]),
    registries: [{ global: '_posthogChunkIds' }],
    lacks: lacking(projectId, apiKey),

    async deliver(build, artifacts, context) {
      const { fetch, parallel = 6 } = context
      const call = (name: string, body: unknown, sample: unknown): Promise<HttpResponse> =>
        fetch(`${server()}/api/projects/${projectId.get()}/error_tracking/symbol_sets/${name}`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${apiKey.get()}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
          sample,
        })

      async function send(batch: MappedArtifact[]): Promise<void> {
        const sets = new Map(batch.map(artifact => [artifact.debugId, symbolSetOf(artifact)]))
        const symbol_sets = [...sets].map(([chunk_id, { hash }]) => ({
          chunk_id,
          release_id: null,
          content_hash: hash,
        }))
        // The newest build's map is the one that events are read with.
        const start = { symbol_sets, force: true, skip_on_conflict: false }
        const response = await call('bulk_start_upload', start, { id_map: sampleMap([...sets.keys()]) })
        const { id_map = {} } = response.json() as { id_map?: Record<string, Presigned> }
        const content_hashes: Record<string, string> = {}
        // What is not in the answer is there already.
        await mapLimit(Object.entries(id_map), parallel, async ([chunkId, { symbol_set_id, presigned_url }]) => {
          const set = sets.get(chunkId)
          if (!set) throw new HttpError(`It asks for ${chunkId}, which was not announced.`, { part: 'posthog' })
          await put(presigned_url, set.pieces)
          content_hashes[symbol_set_id] = set.hash
        })
        if (Object.keys(id_map).length > 0) await call('bulk_finish_upload', { content_hashes }, {})
      }

      /** The storage takes what follows `file` for the file only if it has a name. */
      async function put({ url, fields }: Presigned['presigned_url'], bytes: Bytes[]): Promise<void> {
        const parts = Object.entries(fields).map(([name, value]) => ({ name, value }))
        const form = multipart([...parts, { name: 'file', filename: 'file', bytes }])
        await fetch(url, { method: 'POST', ...form, secrets: Object.values(fields) })
      }

      return uploadBatches(build, artifacts, context, {
        part: 'posthog',
        limit: { bytes: 100 * 2 ** 20, of: 'map and script' },
        size: 50,
        send,
      })
    },
  }
}

/** Both of one unpacking: what the vault has is packed. */
function symbolSetOf({ code, map }: MappedArtifact): { pieces: Bytes[]; hash: string } {
  const pieces = container(code, map)
  return { pieces, hash: contentHash(pieces) }
}

function sampleMap(ids: string[]): Record<string, Presigned> {
  const url = 'https://storage.example/presigned'
  return Object.fromEntries(
    ids.map((id, at) => [id, { symbol_set_id: `set-${at}`, presigned_url: { url, fields: {} } }]),
  )
}
