import type { Vault } from '@mapseal/core'
import { normalizeDebugId, reason } from '@mapseal/core'
import { generatedPath, sourceSizes } from '@mapseal/core/symbolicate'
import { createBudget } from '../budget.ts'
import type { BuildIndex } from '../builds/index.ts'
import { json } from '../http/answer.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'

/** Bytes of a map whose mappings are summed up, which takes a while. */
const LARGEST = 64e6
/** Bytes of maps at a time; others wait. */
const MOST_BYTES = 128e6
const MOST_SOURCES = 500

/** What the scripts of a build are made of. */
export function sourceRoutes(builds: Pick<BuildIndex, 'find'>, vault: Pick<Vault, 'read'>): Route[] {
  const budget = createBudget(MOST_BYTES)
  return [
    {
      method: 'GET',
      path: '/api/builds/:build/sources/:id',
      access: 'read',
      async handle({ params }) {
        const id = normalizeDebugId(params.id)
        const build = await builds.find(params.build ?? '')
        const file = build?.files.find(file => file.debugId === id && file.map)
        if (!file?.map) throw new HttpProblem(404, { detail: 'This build has no map of such a script' })
        const { code, map } = file
        if (map.size > LARGEST)
          throw new HttpProblem(413, { detail: `This map has ${map.size} bytes, which is too large` })
        const sources = await budget.spend(map.size, async () => {
          const [mapBytes, codeBytes] = await Promise.all([vault.read(map), vault.read(code)])
          try {
            return sourceSizes(mapBytes, codeBytes, generatedPath(file))
          } catch (cause) {
            throw new HttpProblem(422, { detail: `This map cannot be read: ${reason(cause)}` })
          }
        })
        return json({ sources: sources.slice(0, MOST_SOURCES) })
      },
    },
  ]
}
