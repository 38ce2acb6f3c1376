import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Whether a `sourceMappingURL` may lead a reader to a source map. One to a file that is not there reveals nothing; one to
 * another host cannot be looked at.
 *
 * @param path of the file that holds it, below `dir`
 */
export function mayLeadToMap(dir: string, path: string, url: string): boolean {
  const target = url.replace(/[?#].*$/, '')
  if (target.startsWith('file:')) return isThere(() => fileURLToPath(target))
  if (/^(?:[a-z][\w+.-]*:|\/\/)/i.test(target)) return true
  if (!target.startsWith('/')) return isThere(() => resolve(dir, dirname(path), decodeURIComponent(target)))
  // How much of the path the folder's own URL takes is not known.
  const segments = target.split('/').filter(Boolean)
  return segments.some((_, from) => isThere(() => join(dir, decodeURIComponent(segments.slice(from).join('/')))))
}

function isThere(locate: () => string): boolean {
  try {
    return existsSync(locate())
  } catch {
    return true // Not a URL that can be read: better one report too many.
  }
}
