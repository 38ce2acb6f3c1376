import { createHash } from 'node:crypto'
import type { Artifact, BuildRecord, DeliveryContext, Release } from '@mapseal/core'
import { createFetch } from '@mapseal/core/http'
import { recordOf } from '../src/contract/delivery.ts'

/** A build and its artifacts, without bundler or vault. */
export interface Build {
  record: BuildRecord
  artifacts: Artifact[]
}

export const release: Release = { name: 'web@1.2.3', dist: '42', source: 'the option' }

export function toBuild(files: Record<string, string>, named: Release | undefined = release): Build {
  const artifacts = Object.entries(files).map(([path, code]) => toArtifact(path, code))
  const { release: _, ...unreleased } = recordOf(artifacts)
  const record: BuildRecord = { ...unreleased, ...(named && { release: named }) }
  return { record, artifacts }
}

function toArtifact(path: string, source: string): Artifact {
  const hex = createHash('sha256').update(`${path}\0${source}`).digest('hex')
  const debugId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  const map = {
    version: 3,
    sources: [`../src/${path}`],
    sourcesContent: [source],
    names: [],
    mappings: 'AAAA',
    debugId,
    debug_id: debugId,
  }
  const code = `${source}\n//# debugId=${debugId}\n`
  return { path, debugId, code: Buffer.from(code), map: Buffer.from(JSON.stringify(map)) }
}

/** Can be read once, as a vault's. */
export async function* once(artifacts: Artifact[]): AsyncIterable<Artifact> {
  yield* artifacts
}

export interface Listener {
  context: DeliveryContext
  warnings: string[]
  progress: [number, number][]
}

export function listen(signal: AbortSignal = new AbortController().signal): Listener {
  const warnings: string[] = []
  const progress: [number, number][] = []
  const logger = { info() {}, warn: (message: string) => void warnings.push(message), error() {} }
  const { fetch } = createFetch({ signal, userAgent: 'mapseal/test', timeouts: { backoff: 10 } })
  const onProgress = (sent: number, total: number) => void progress.push([sent, total])
  return { context: { fetch, signal, logger, onProgress }, warnings, progress }
}

/** Like bundled code: repeats words, but not itself. */
export function sourceText(seed: string, length: number): string {
  const lines: string[] = []
  let size = 0
  for (let i = 0; size < length; i++) {
    const hash = createHash('sha256').update(`${seed}/${i}`).digest('hex')
    const line = `export function handle_${hash.slice(0, 8)}(request, response) { return response.json({ id: request.params.id, at: "${hash.slice(8, 20)}" }) }`
    lines.push(line)
    size += line.length + 1
  }
  return lines.join('\n')
}
