import { createHash, randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { type DeliveryContext, mapLimit } from '@mapseal/core'
import { encodeSegment, nextCursor, requestSentry, type SentryConfig } from '../api.ts'
import type { BundleFile } from '../bundle/collect.ts'
import type { Spill } from '../bundle/spill.ts'
import type { Label } from './assemble-request.ts'

/** What such a server has of a release. */
interface ReleaseFile {
  id: string
  name: string
  sha1: string
  dist?: string | null
}

/** A release of more files than that is not listed to its end; what is there twice, the server refuses itself. */
const maxPages = 100

/**
 * For servers older than artifact bundles, which find a file by its release and URL: one request a file and project, as
 * sentry-cli 2 sends it. What the release has already is not sent; another file of the same name is replaced.
 * @returns the bytes sent
 */
export async function sendFiles(
  files: BundleFile[],
  { release = '', dist }: Label,
  config: SentryConfig,
  context: DeliveryContext,
  read: Spill['read'],
): Promise<number> {
  let sent = 0
  for (const project of config.projects) {
    const url = filesUrl(project, release, config)
    const known = new Map(
      (await listFiles(project, release, config, context)).map(file => [`${file.dist ?? ''}\0${file.name}`, file]),
    )
    await mapLimit(files, 4, async file => {
      const packed = Buffer.allocUnsafe(file.packedSize)
      read(file.offset, packed)
      const bytes = inflateRawSync(packed)
      const old = known.get(`${dist ?? ''}\0${file.url}`)
      if (old?.sha1 === createHash('sha1').update(bytes).digest('hex')) return
      if (old) await requestSentry(context, config, `${url}${encodeURIComponent(old.id)}/`, { method: 'DELETE' })
      const { body, boundary } = form(file, bytes, dist)
      const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` }
      await requestSentry(context, config, url, { method: 'POST', headers, body })
      sent += body.length
    })
  }
  return sent
}

function filesUrl(project: string, release: string, { url, org }: SentryConfig): string {
  const [inOrg, inProject, inRelease] = [org, project, release].map(encodeSegment)
  return `${url}/api/0/projects/${inOrg}/${inProject}/releases/${inRelease}/files/`
}

/** What a release has in a project, as far as it is found by name. */
export async function listFiles(
  project: string,
  release: string,
  config: SentryConfig,
  context: DeliveryContext,
): Promise<ReleaseFile[]> {
  const url = filesUrl(project, release, config)
  const files: ReleaseFile[] = []
  let cursor = ''
  for (let page = 0; page < maxPages; page++) {
    const response = await requestSentry(context, config, `${url}?cursor=${encodeURIComponent(cursor)}`, {
      sample: [],
    })
    const found = response.json()
    if (Array.isArray(found)) files.push(...(found as ReleaseFile[]))
    const next = nextCursor(response)
    if (!next) break
    cursor = next
  }
  return files
}

function form(file: BundleFile, bytes: Buffer, dist: string | undefined): { body: Buffer; boundary: string } {
  const boundary = `----mapseal-${randomBytes(16).toString('hex')}`
  const filename = posix.basename(file.url).replace(/["\r\n]/g, '_')
  const part = (head: string, value: Buffer | string) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ])
  const fields: [string, string][] = [['name', file.url]]
  if (dist !== undefined) fields.push(['dist', dist])
  if (file.headers.sourcemap) fields.push(['header', `Sourcemap:${file.headers.sourcemap}`])
  fields.push(['header', `debug-id:${file.headers['debug-id']}`])
  const content = part(`name="file"; filename="${filename}"\r\nContent-Type: application/octet-stream`, bytes)
  const rest = fields.map(([name, value]) => part(`name="${name}"`, value))
  return { body: Buffer.concat([content, ...rest, Buffer.from(`--${boundary}--\r\n`)]), boundary }
}
