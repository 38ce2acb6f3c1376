import { open, readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { mapLimit } from '../../concurrency.ts'
import { type MapShape, readMapShape } from '../../map/shape.ts'
import { inspectMap } from '../../map/validate/validate.ts'
import { scriptPattern, stylePattern } from '../scan.ts'

const notJson = /\.(?:[cm]?[jt]sx?|css|x?html?|gz|br|zst|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|wasm|mapseal)$/i

/** The source maps of a folder by their content, whatever their names; by their paths. */
export async function findMapFiles(dir: string, files: string[]): Promise<Map<string, MapShape>> {
  const found = new Map<string, MapShape>()
  await mapLimit(
    files.filter(path => !notJson.test(path)),
    4,
    async path => {
      if (!(await beginsAsJson(join(dir, path)))) return
      const shape = readMapShape(await readFile(join(dir, path)))
      if (shape) found.set(path, shape)
    },
  )
  return found
}

async function beginsAsJson(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
    return /^(?:\xef\xbb\xbf)?\s*[{)]/.test(buffer.toString('latin1', 0, bytesRead))
  } finally {
    await handle.close()
  }
}

/**
 * Pairs maps that no comment leads to with scripts that have none, by what the maps say in their own `file`: a path from the
 * map or from the folder, else a name that one script alone has. Where it is not certain, nothing is paired.
 *
 * @param maps those that are not claimed
 * @param unmapped paths of scripts without a map
 * @returns the map's path by the script's
 */
export async function pairByFile(
  dir: string,
  maps: Map<string, MapShape>,
  unmapped: string[],
): Promise<Map<string, string>> {
  const wanted = new Map<string, string[]>()
  for (const [map, { file }] of maps) {
    const script = file === undefined ? undefined : scriptOf(map, file, unmapped)
    if (script !== undefined) wanted.set(script, [...(wanted.get(script) ?? []), map])
  }
  const pairs = new Map<string, string>()
  for (const [script, [map, ...others]] of wanted) {
    if (map !== undefined && others.length === 0 && (await fits(dir, map, script))) pairs.set(script, map)
  }
  return pairs
}

function scriptOf(map: string, file: string, unmapped: string[]): string | undefined {
  const name = file.replace(/^file:\/\//, '').replaceAll('\\', '/')
  const exact = [posix.join(dirname(map), name), posix.normalize(name)].find(path => unmapped.includes(path))
  if (exact !== undefined) return exact
  const segments = name.split('/').filter(segment => segment !== '' && segment !== '.' && segment !== '..')
  for (let from = 0; from < segments.length; from++) {
    const ending = segments.slice(from).join('/')
    const found = unmapped.filter(path => path === ending || path.endsWith(`/${ending}`))
    if (found.length > 0) return found.length === 1 ? found[0] : undefined
  }
  return undefined
}

/** A map that reaches beyond the script is another's of the same name. */
async function fits(dir: string, map: string, script: string): Promise<boolean> {
  if (!scriptPattern.test(script) && !stylePattern.test(script)) return false
  const { last } = inspectMap(await readFile(join(dir, map)), 1)
  const lines = (await readFile(join(dir, script), 'utf8')).split(/\r\n|\n|\r/)
  return !last || (last.line <= lines.length && last.column <= (lines[last.line - 1] as string).length)
}
