import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import { limitBytes } from '../http/body.ts'
import type { BodyMemory, Hold } from '../http/body-memory.ts'
import { HttpProblem, problemOf } from '../http/problem.ts'
import type { Request } from '../http/request.ts'
import { openSpill, type Spill } from './spill.ts'

export interface MultipartLimits {
  /** Maximum size of the whole body. */
  bodyBytes: number
  /** Maximum size of one file, as it arrives. */
  fileBytes: number
  files: number
  /** Counts the temporary files of all forms. */
  disk: BodyMemory
}

export interface Multipart {
  files: MultipartFile[]
  /** In the order in which they came. */
  fields: [name: string, value: string][]
}

export interface MultipartFile {
  field: string
  filename: string
  size: number
  /** Reads the file, while `withMultipart` runs. */
  bytes(): Promise<Buffer>
}

/** Calls `use` with a form that has arrived completely; its files are on disk. @throws HttpProblem 400, 413, 503 */
export async function withMultipart<Result>(
  request: Request,
  limits: MultipartLimits,
  use: (form: Multipart) => Promise<Result>,
): Promise<Result> {
  await using spill = await openSpill()
  const hold = limits.disk.open()
  try {
    return await use(await receive(request, limits, { ...spill, append: bytes => appendHeld(spill, bytes, hold) }))
  } finally {
    hold.release()
  }
}

async function appendHeld(spill: Spill, bytes: Uint8Array, hold: Hold): Promise<void> {
  hold.add(bytes.length)
  await spill.append(bytes)
}

async function receive({ stream, headers }: Request, limits: MultipartLimits, spill: Spill): Promise<Multipart> {
  const form: Multipart = { files: [], fields: [] }
  const writing: Promise<void>[] = []
  const open = new Set<BusboyFileStream>()
  const busboy = createBusboy(headers['content-type'], limits)
  busboy.on('file', (field: string, file: BusboyFileStream, filename: string | undefined) => {
    // Its error is the whole form's, which is thrown below. It may also come when nothing reads the file any more.
    file.on('error', () => {})
    open.add(file)
    file.once('close', () => open.delete(file))
    // A part may start while the end of the one before is still in memory.
    const written = (writing.at(-1) ?? Promise.resolve()).then(async () => {
      const { offset, size } = await write(file, spill)
      form.files.push({ field, filename: filename ?? '', size, bytes: () => spill.read(offset, size) })
    })
    written.catch(cause => busboy.destroy(cause))
    writing.push(written)
  })
  busboy.on('field', (name: string, value: string, _: boolean, isCut: boolean) => {
    if (isCut) busboy.destroy(refusal(`The field ${name.slice(0, 40)} is too long`))
    else form.fields.push([name, value])
  })
  for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit']) {
    busboy.on(event, () => busboy.destroy(refusal('Too many chunks')))
  }
  try {
    await pipeline(keepOpen(stream), limitBytes(limits.bodyBytes), busboy)
    await Promise.all(writing)
  } catch (cause) {
    // A part that was cut off does not end, and reading it would wait forever.
    for (const file of open) file.destroy()
    await Promise.allSettled(writing)
    if (problemOf(cause)) throw cause
    throw refusal('The body is not a complete multipart form')
  }
  return form
}

function createBusboy(contentType: string | undefined, limits: MultipartLimits): InstanceType<typeof Busboy> {
  if (!/^multipart\/form-data\s*;/i.test(contentType ?? '')) throw refusal('Content-Type must be multipart/form-data')
  try {
    return new Busboy({
      headers: { 'content-type': contentType as string },
      limits: {
        files: limits.files,
        fields: 64,
        parts: limits.files + 64,
        fileSize: limits.fileBytes,
        fieldSize: 4096,
        headerPairs: 16,
        headerSize: 8192,
      },
    })
  } catch {
    throw refusal('Content-Type has no boundary')
  }
}

/** Writes one part after the other, so that each is contiguous. */
async function write(file: BusboyFileStream, spill: Spill): Promise<{ offset: number; size: number }> {
  const offset = spill.size()
  for await (const part of file) await spill.append(part)
  if (file.truncated) throw refusal('Chunk size too large')
  return { offset, size: spill.size() - offset }
}

/** A pipeline that fails would destroy the request, and with it the answer that says why. */
async function* keepOpen(stream: Readable): AsyncGenerator<Buffer> {
  yield* stream.iterator({ destroyOnReturn: false })
}

function refusal(error: string): HttpProblem {
  return new HttpProblem(400, { error })
}
