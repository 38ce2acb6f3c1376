import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { OutputBundle } from 'rollup'
import type { HtmlTagDescriptor, ResolvedConfig } from 'vite'
import type { RollupSession } from '../session.ts'
import { isPageEntry } from './chunks.ts'

/** Named by its content; a page loads it before its entries, and no other script's name depends on it. */
export function releaseScriptPath(session: RollupSession, { build }: ResolvedConfig): string | undefined {
  if (!session.isOpen() || !session.current().release) return undefined
  const snippet = session.current().snippet(true)
  const hash = createHash('sha256').update(snippet).digest('base64url').slice(0, 8)
  return posix.join(build.assetsDir, `release-${hash}.js`)
}

/**
 * What a page loads the script with, if it loads any script.
 *
 * @param page the page's path below the root, with a leading slash
 */
export function releaseTags(config: ResolvedConfig, bundle: object, file: string, page: string): HtmlTagDescriptor[] {
  const outputs = Object.values(bundle as OutputBundle)
  if (!outputs.some(output => output.type === 'chunk' && isPageEntry(output))) return []
  const attrs = { defer: true, src: publicUrl(config, file, page) }
  return [{ tag: 'script', attrs, injectTo: 'head-prepend' }]
}

/** As Vite itself writes the URL of a script into a page. */
function publicUrl(config: ResolvedConfig, file: string, page: string): string {
  const hostId = page.replace(/^\//, '')
  const relative = posix.join(posix.relative(posix.dirname(hostId), '.') || '.', file)
  const isRelative = config.base === '' || config.base === './'
  const built = config.experimental.renderBuiltUrl?.(file, { type: 'asset', hostId, hostType: 'html', ssr: false })
  if (typeof built === 'string') return built
  if (built?.relative ?? (built === undefined && isRelative))
    return relative.startsWith('.') ? relative : `./${relative}`
  return posix.join(config.base, file).replace(/^(https?:)\/(?!\/)/, '$1//')
}
