import { resolve } from 'node:path'
import type { Resource } from '@farmfe/core'
import {
  bare,
  computeDebugId,
  createReleaseModule,
  inject,
  mayBePublic,
  openMap,
  pagePattern,
  type ResolvedOptions,
  readCssTrailingComment,
  type Session,
  scriptPattern,
  stylePattern,
} from '@mapseal/core'

export interface Sealing {
  outDir: string
  session: Session
  options: ResolvedOptions
}

type Resources = Record<string, Resource>

/**
 * Seals what Farm is about to write, and takes the source maps out of it. Farm hands bytes over as arrays of numbers, so
 * each file is turned into a buffer and back.
 */
export async function sealResources(resources: Resources, sealing: Sealing): Promise<void> {
  const { outDir, session, options } = sealing
  const owner = {}
  const written = Object.keys(resources).filter(key => !resources[key]?.emitted && !isRuntime(key))
  const ours = written.filter(key => session.claim(resolve(outDir, bare(key)), owner)).sort()
  for (const key of ours) {
    if (scriptPattern.test(bare(key))) await sealScript(resources, key, sealing)
    else if (stylePattern.test(bare(key))) await sealStyle(resources, key, sealing)
  }
  for (const key of written) if (pagePattern.test(bare(key))) nameRelease(resources[key] as Resource, sealing)
  await session.commit()
  if (options.output === 'keep') return
  for (const key of written.filter(key => bare(key).endsWith('.map'))) {
    const isOfScript = key.slice(0, -4) in resources
    if (isOfScript || !mayBePublic(bare(key), Buffer.from(resources[key]?.bytes ?? []))) delete resources[key]
  }
}

/**
 * Farm's run time is left as it is: it is made of no module and has no map, and no hook has a part in the hash in its name.
 */
function isRuntime(key: string): boolean {
  return key.startsWith('__farm_runtime.')
}

/**
 * Farm does not say which scripts a page loads when it names them, so the page itself names the release, beside the script that Farm
 * puts into it.
 */
function nameRelease(page: Resource, { session, options }: Sealing): void {
  const html = Buffer.from(page.bytes).toString()
  const at = html.search(/<script\b/i)
  const text = createReleaseModule(options, session.release)
  if (at < 0 || text === '') return
  page.bytes = Array.from(Buffer.from(`${html.slice(0, at)}<script>${text}</script>${html.slice(at)}`))
}

async function sealScript(resources: Resources, key: string, { outDir, session }: Sealing): Promise<void> {
  const script = resources[key] as Resource
  const mapResource = resources[`${key}.map`]
  const path = bare(key)
  const map = mapResource && openMap(Buffer.from(mapResource.bytes))
  const carriesRelease = script.info?.data?.isEntry === true
  const { code, debugId, insertion } = inject(Buffer.from(script.bytes), {
    path,
    snippet: session.snippet(carriesRelease),
    supplement: session.supplement(carriesRelease),
    mapDebugId: map?.debugId,
    takeId: id => session.takeId(id, resolve(outDir, path)),
    link: map && (id => session.link(path, id)),
  })
  const edited = map?.edit({ debugId, insertion })
  script.bytes = Array.from(code)
  if (mapResource && edited) mapResource.bytes = Array.from(edited.map)
  const problem = edited ? edited.problem : 'Farm made no source map for it'
  await session.add(outDir, { path, debugId, code, ...(edited ? { map: edited.map } : {}) }, problem)
}

async function sealStyle(resources: Resources, key: string, { outDir, session }: Sealing): Promise<void> {
  const style = resources[key] as Resource
  const map = resources[`${key}.map`]
  const path = bare(key)
  const text = Buffer.from(style.bytes).toString()
  const { mapUrl, bodyEnd } = readCssTrailingComment(text)
  if (!map && mapUrl === undefined) return
  const code = Buffer.from(mapUrl === undefined ? text : `${text.slice(0, bodyEnd)}\n`)
  style.bytes = Array.from(code)
  const debugId = computeDebugId(path, hash => void hash.update(code))
  await session.add(outDir, { path, debugId, code, ...(map ? { map: Buffer.from(map.bytes) } : {}) })
}
