import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { objectStart } from './edit.ts'
import { fillContents, type SourcedMap } from './fill-contents.ts'

/**
 * The map with the contents that it lacks, where its sources are files on this disk. One without sections is expected.
 *
 * @param file where the map is, absolute: its sources are relative to that
 * @throws SyntaxError where it is not JSON
 */
export function withSources(map: Buffer, file: string): Buffer {
  const parsed = JSON.parse(map.toString('utf8', objectStart(map))) as SourcedMap
  const isFilled = fillContents(parsed, (source, root) => read(source, root, file))
  return isFilled ? Buffer.from(JSON.stringify(parsed)) : map
}

function read(source: string, root: string, file: string): string | null {
  try {
    const path = pathOf(source, root, file)
    return path === undefined ? null : readFileSync(path, 'utf8')
  } catch {
    return null // Most maps of packages name files that are not there.
  }
}

function pathOf(source: string, root: string, file: string): string | undefined {
  if (/^file:\/\//i.test(source)) return fileURLToPath(source)
  if (/^[a-z][\w+.-]+:/i.test(source) || /^[a-z][\w+.-]+:/i.test(root)) return undefined
  return resolve(dirname(file), root, source)
}
