import type { Mode } from '../builds/types.ts'
import { type Contestant, ours } from '../contestants/list.ts'
import type { Row } from './rows.ts'

/** A way to build a row's app; `none` has neither contestant nor mode. */
export interface Variant {
  /** `none`, or as in `mapseal/full`. */
  name: string
  contestant?: Contestant
  mode?: Mode
}

export interface Choice {
  peers: Contestant[]
  /** Such as `none`, `inject`, `sentry11/full`; absent for all. */
  variants?: string[]
}

export function variantsOf({ bundler }: Row, { peers, variants }: Choice): Variant[] {
  const able = [ours, ...peers].filter(({ bundlers }) => bundlers.includes(bundler))
  const all = able.flatMap(contestant =>
    contestant.modes.map(mode => ({ name: `${contestant.name}/${mode}`, contestant, mode })),
  )
  const chosen = all.filter(({ name, mode }) => !variants || variants.includes(name) || variants.includes(mode))
  return [{ name: 'none' }, ...chosen]
}
