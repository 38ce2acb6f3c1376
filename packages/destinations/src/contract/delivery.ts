import { createHash } from 'node:crypto'
import {
  type Artifact,
  type BuildRecord,
  type DeliveryContext,
  type DeliveryReport,
  type Destination,
  dryRunBuild,
  type Vault,
} from '@mapseal/core'
import { createFetch, type Timeouts } from '@mapseal/core/http'

export interface Settings {
  secret?: string
  signal?: AbortSignal
  timeouts?: Partial<Timeouts>
  /** Takes the paths of artifacts that were acknowledged one by one. */
  held?: string[]
  /** Takes what is logged. */
  lines?: string[]
}

export async function delivery(
  destination: Destination,
  files: Record<string, string>,
  { signal = new AbortController().signal, timeouts, lines = [], held = [] }: Settings,
): Promise<{ report: DeliveryReport }> {
  const client = createFetch({ signal, userAgent: 'mapseal/contract', timeouts: { backoff: 5, ...timeouts } })
  const log = (line: string) => void lines.push(line)
  const context: DeliveryContext = {
    fetch: client.fetch,
    signal,
    logger: { info: log, warn: log, error: log },
    onHeld: ({ path }) => void held.push(path),
  }
  const artifacts = Object.entries(files).map(([path, text]) => artifactOf(path, text))
  try {
    return { report: await destination.deliver(recordOf(artifacts), once(artifacts), context) }
  } finally {
    await client.close()
  }
}

export async function dryRun(destination: Destination, files: Record<string, string>, lines: string[]): Promise<void> {
  const artifacts = Object.entries(files).map(([path, text]) => artifactOf(path, text))
  const pending = { state: 'pending', at: '' } as const
  const build = { ...recordOf(artifacts), deliveries: { [destination.name]: pending } }
  const vault = { artifacts: () => once(artifacts) } as unknown as Vault
  const log = (line: string) => void lines.push(line)
  const { signal } = new AbortController()
  await dryRunBuild(build, {
    vault,
    destinations: [destination],
    signal,
    logger: { info: log, warn: log, error: log },
  })
}

/** Can be read once, as a vault's. */
async function* once(artifacts: Artifact[]): AsyncIterable<Artifact> {
  yield* artifacts
}

function artifactOf(path: string, text: string): Artifact {
  const hex = createHash('sha256').update(path).digest('hex')
  const debugId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  const map = Buffer.from(text)
  return { path, debugId, code: Buffer.from(`void 0\n//# debugId=${debugId}\n`), map }
}

/** A build's record of artifacts that are in no pack. */
export function recordOf(artifacts: Artifact[]): BuildRecord {
  const blob = (bytes: Uint8Array) => ({
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    pack: 'none',
    offset: 0,
    length: 0,
    crc32: 0,
  })
  return {
    id: '20261121T101500123Z-9f3c21ab',
    version: 1,
    createdAt: '2026-11-21T10:15:00.123Z',
    release: { name: 'web@1.2.3', source: 'the contract' },
    files: artifacts.map(({ path, debugId, code, map }) => ({
      path,
      outDir: 'dist',
      debugId,
      code: blob(code),
      ...(map && { map: blob(map) }),
    })),
    deliveries: {},
  }
}

/** A map of at least `length` bytes. */
export function mapText(source: string, length = 0): string {
  const content = `export const ${source} = ${JSON.stringify('x'.repeat(length))}`
  return JSON.stringify({
    version: 3,
    sources: [`${source}.ts`],
    sourcesContent: [content],
    names: [],
    mappings: 'AAAA',
  })
}
