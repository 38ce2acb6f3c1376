import { dirname, posix } from 'node:path'
import { mappingsOf } from './mappings-of.ts'
import { inspectMap } from './validate/validate.ts'

/**
 * The script that a map is of, by what it says in its own `file`: a path from the map or from the folder, else a name that one
 * script alone has. Undefined where it is not certain.
 *
 * @param map its path
 * @param scripts paths of those without a map
 */
export function scriptOf(map: string, file: string, scripts: string[]): string | undefined {
  const name = file.replace(/^file:\/\//, '').replaceAll('\\', '/')
  const exact = [posix.join(dirname(map), name), posix.normalize(name)].find(path => scripts.includes(path))
  if (exact !== undefined) return exact
  const segments = name.split('/').filter(segment => segment !== '' && segment !== '.' && segment !== '..')
  for (let from = 0; from < segments.length; from++) {
    const ending = segments.slice(from).join('/')
    const found = scripts.filter(path => path === ending || path.endsWith(`/${ending}`))
    if (found.length > 0) return found.length === 1 ? found[0] : undefined
  }
  return undefined
}

/** Whether a map lies within the code; one that reaches beyond it is another's of the same name. */
export function fits(map: Buffer, code: string): boolean {
  const { last } = inspectMap(map, 1)
  const lines = linesOf(code)
  return !last || (last.line <= lines.length && last.column <= (lines[last.line - 1] as string).length)
}

/** Whether every place of a map is one that the code has: of several scripts with one map, it is that one's. */
export function fitsExactly(map: Buffer, code: string): boolean {
  const lines = linesOf(code)
  try {
    return mappingsOf(map).every(({ line, column }) => column <= (lines[line]?.length ?? -1))
  } catch {
    return false // It is malformed, which its edit would report.
  }
}

/** What is wrong with a map that has more lines than its script. */
export function reachBeyond(lastLine: number, code: Buffer): string | undefined {
  const lines = linesOf(code.toString('latin1')).length
  return lastLine > lines ? `its map reaches line ${lastLine}, but it has ${lines}` : undefined
}

function linesOf(code: string): string[] {
  return code.split(/\r\n|\n|\r/)
}
