import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { objectStart } from './edit.ts'

interface ParsedMap {
  sources?: (string | null)[]
  sourcesContent?: (string | null)[]
  sourceRoot?: string
}

/**
 * The map with the contents that it lacks, where its sources are files on this disk. One without sections is expected.
 *
 * @param file where the map is, absolute: its sources are relative to that
 * @throws SyntaxError where it is not JSON
 */
export async function withSources(map: Buffer, file: string): Promise<Buffer> {
  const parsed = JSON.parse(map.toString('utf8', objectStart(map))) as ParsedMap
  const { sources = [], sourcesContent = [], sourceRoot = '' } = parsed
  if (!sources.some((source, index) => source !== null && typeof sourcesContent[index] !== 'string')) return map
  const contents = await Promise.all(
    sources.map(async (source, index) => sourcesContent[index] ?? (await read(source, sourceRoot, file))),
  )
  if (contents.every((content, index) => content === (sourcesContent[index] ?? null))) return map
  return Buffer.from(JSON.stringify({ ...parsed, sourcesContent: contents }))
}

async function read(source: string | null, root: string, file: string): Promise<string | null> {
  const path = source && pathOf(source, root, file)
  // Most maps of packages name files that are not there.
  return path ? readFile(path, 'utf8').catch(() => null) : null
}

function pathOf(source: string, root: string, file: string): string | undefined {
  if (/^file:\/\//i.test(source)) return fileURLToPath(source)
  if (/^[a-z][\w+.-]+:/i.test(source) || /^[a-z][\w+.-]+:/i.test(root)) return undefined
  return resolve(dirname(file), root, source)
}
