import type { Vault } from '@mapseal/core'
import { normalizeDebugId } from '@mapseal/core'
import { createBudget } from '../budget.ts'
import type { BuildIndex } from '../builds/index.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Handler, Route } from '../http/route.ts'

/** The browser extension of packages/devtools; its ID follows from the key in its manifest. */
export const EXTENSION = 'chrome-extension://galbmbkandijkkccckmnieepbcffinfd'

/** Bytes of maps on their way out; others wait. */
const MOST_BYTES = 256e6

export interface MapServices {
  builds: Pick<BuildIndex, 'byDebugId'>
  vault: Pick<Vault, 'read'>
  /** May read maps in a browser, besides the extension; with a token where the server needs one. */
  origins: readonly string[]
}

/** Source maps as files, for the DevTools of those who may read them. */
export function mapRoutes({ builds, vault, origins }: MapServices): Route[] {
  const budget = createBudget(MOST_BYTES)
  const allowed = [EXTENSION, ...origins]

  const sendMap: Handler = async ({ params }) => {
    const debugId = normalizeDebugId(params.id)
    if (!debugId) throw new HttpProblem(400, { detail: 'A debug ID is 32 hex digits, with or without dashes' })
    const map = (await builds.byDebugId(debugId)).find(file => file.map)?.map
    if (!map) throw new HttpProblem(404, { detail: `The vault has no map with the debug ID ${debugId}` })
    if (map.size > MOST_BYTES)
      throw new HttpProblem(413, { detail: `This map has ${map.size} bytes, which is too large` })
    const body = await budget.spend(map.size, () => vault.read(map))
    return { status: 200, headers: { 'Content-Type': 'application/json', ETag: `"${map.sha256}"` }, body }
  }

  return [
    { method: 'GET', path: '/api/maps/:id', access: 'read', origins: allowed, handle: sendMap },
    {
      method: 'OPTIONS',
      path: '/api/maps/:id',
      access: 'public',
      origins: allowed,
      handle: async () => ({ status: 204 }),
    },
  ]
}
