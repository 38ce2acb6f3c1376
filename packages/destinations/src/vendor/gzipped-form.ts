import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Bytes } from '@mapseal/core'
import { type GzipPart, joinGzip } from './gzip-join.ts'
import { formOf, type Part } from './multipart.ts'
import type { MappedArtifact } from './upload.ts'

/** A form with a map and its script, packed as a whole; what the vault has packed is not packed again. */
export async function gzippedForm(
  artifact: MappedArtifact,
  partsOf: (map: GzipPart, code: GzipPart) => Part<GzipPart>[],
): Promise<{ headers: Record<string, string>; body: Bytes }> {
  const packed = artifact.gzip
  const form = packed?.map && formOf(partsOf({ gzip: packed.map }, { gzip: packed.code }))
  const body = form && joinGzip(form.pieces)
  if (form && body) return { headers: form.headers, body }
  const { headers, pieces } = formOf(partsOf(artifact.map, artifact.code) as Part<Bytes>[])
  return { headers, body: await promisify(gzip)(Buffer.concat(pieces), { level: 1 }) }
}
