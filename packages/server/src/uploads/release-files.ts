import { type FileRecord, normalizeDebugId, type Store, type Vault } from '@mapseal/core'
import type { Budget } from '../budget.ts'
import { type Answer, json } from '../http/answer.ts'
import type { BodyMemory } from '../http/body-memory.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Request } from '../http/request.ts'
import type { RecordBuild } from './builds.ts'
import { sha1Of } from './chunks.ts'
import { type Multipart, withMultipart } from './multipart.ts'
import { isDist } from './names.ts'
import {
  listReleaseFiles,
  type ReleaseFile,
  readReleaseFile,
  releaseFileId,
  removeReleaseFile,
  toFileRecords,
  writeReleaseFile,
} from './release-file-store.ts'
import type { ReleaseRecord } from './release-store.ts'
import { findRelease, type ReleaseServices } from './releases.ts'
import type { Turns } from './turns.ts'

export interface ReleaseFileServices extends ReleaseServices {
  store: Store
  vault: Vault
  recordBuild: RecordBuild
  budget: Budget
  disk: BodyMemory
  turns: Turns
}

export async function releaseFileList(request: Request, services: ReleaseFileServices): Promise<Answer> {
  const { version } = await findRelease(request, services)
  const files = await listReleaseFiles(services.store, version)
  return json(files.map(describe))
}

/** 409 if the release has a file of this name and dist: clients delete it first to replace it. */
export async function releaseFileUpload(request: Request, services: ReleaseFileServices): Promise<Answer> {
  const { options, store, vault, budget, disk } = services
  const release = await findRelease(request, services)
  const { version } = release
  const { requestBytes } = options.limits
  const limits = { bodyBytes: requestBytes + 65_536, fileBytes: requestBytes, files: 1, disk }
  return withMultipart(request, limits, async form => {
    const described = describeForm(form)
    if (await readReleaseFile(store, version, described.id)) {
      throw new HttpProblem(409, { detail: 'A file matching this name already exists for the given release' })
    }
    const [part] = form.files
    if (!part) throw new HttpProblem(400, { detail: 'Missing uploaded file' })
    const file = await budget.spend(2 * part.size, async (): Promise<ReleaseFile> => {
      const bytes = await part.bytes()
      const blobs = await keep(vault, described, bytes)
      return { ...described, sha1: sha1Of(bytes), size: bytes.length, ...blobs }
    })
    await writeReleaseFile(store, version, file)
    await rebuild(services, release, file.dist)
    return json(describe(file), 201)
  })
}

export async function releaseFileInfo(request: Request, services: ReleaseFileServices): Promise<Answer> {
  const { version } = await findRelease(request, services)
  return json(describe(await findFile(request, services, version)))
}

export async function releaseFileDelete(request: Request, services: ReleaseFileServices): Promise<Answer> {
  const release = await findRelease(request, services)
  const { version } = release
  const file = await findFile(request, services, version)
  await removeReleaseFile(services.store, version, file.id)
  await rebuild(services, release, file.dist)
  return { status: 204 }
}

type DescribedFile = Omit<ReleaseFile, 'sha1' | 'size' | 'code' | 'map'>

/** @throws HttpProblem 400 */
function describeForm({ fields, files }: Multipart): DescribedFile {
  const textOf = (name: string) => fields.find(([field]) => field === name)?.[1]
  const name = textOf('name') ?? files[0]?.filename ?? ''
  if (!/^[^\u0000-\u001f\u007f]{1,2000}$/.test(name))
    throw new HttpProblem(400, { detail: 'File name must be specified' })
  const dist = textOf('dist') || null
  if (dist !== null && !isDist(dist)) throw new HttpProblem(400, { detail: 'Invalid dist' })
  const headers = Object.fromEntries(
    fields.filter(([field]) => field === 'header').map(([, header]) => parseHeader(header)),
  )
  const debugId = normalizeDebugId((headers['debug-id'] ?? '').slice(0, 36))
  const sourceMap = headers.sourcemap ?? headers['x-sourcemap']
  return {
    id: releaseFileId(name, dist),
    format: 1,
    name,
    dist,
    headers,
    dateCreated: new Date().toISOString(),
    type: /\.map$/.test(name.replace(/[?#].*$/, '')) ? 'source_map' : 'minified_source',
    ...(debugId && { debugId }),
    ...(sourceMap && { sourceMap }),
  }
}

function parseHeader(header: string): [string, string] {
  const [, name, value] = /^([\w-]{1,100})\s*:\s*([^\u0000-\u001f\u007f]{0,2000})$/.exec(header) ?? []
  if (name === undefined || value === undefined)
    throw new HttpProblem(400, { detail: 'header value was not formatted correctly' })
  return [name.toLowerCase(), value]
}

async function keep(
  vault: Vault,
  { name, type }: DescribedFile,
  bytes: Buffer,
): Promise<Pick<FileRecord, 'code' | 'map'>> {
  const isMap = type === 'source_map'
  const pack = vault.newPack()
  try {
    const file = { path: name, debugId: '' }
    const blobs = await pack.put(isMap ? { ...file, code: Buffer.alloc(0), map: bytes } : { ...file, code: bytes })
    await pack.commit()
    return blobs
  } catch (cause) {
    await pack.discard()
    throw cause
  }
}

/** Records the build again as long as the list of files changes: another server may add one at the same time. */
async function rebuild(services: ReleaseFileServices, release: ReleaseRecord, dist: string | null): Promise<void> {
  const { store, recordBuild, turns } = services
  const { version, projects, dateCreated } = release
  const list = async () => (await listReleaseFiles(store, version)).filter(file => file.dist === dist)
  const association = { projects, release: version, ...(dist && { dist }), since: dateCreated }
  return turns.take(JSON.stringify([version, dist]), async () => {
    let files = await list()
    for (;;) {
      await recordBuild('release files', toFileRecords(files), association)
      const now = await list()
      if (now.map(({ id }) => id).join() === files.map(({ id }) => id).join()) return
      files = now
    }
  })
}

async function findFile({ params }: Request, { store }: ReleaseFileServices, version: string): Promise<ReleaseFile> {
  const id = params.file ?? ''
  const file = /^[0-9a-f]{40}$/.test(id) ? await readReleaseFile(store, version, id) : undefined
  if (file) return file
  throw new HttpProblem(404, { detail: 'The requested resource does not exist' })
}

function describe({ id, name, dist, sha1, size, headers, dateCreated }: ReleaseFile): unknown {
  return { id, name, dist, sha1, size, headers, dateCreated }
}
