import { carryByTable } from './carry-by-table.ts'
import { carrySentry } from './carry-sentry.ts'
import type { Node } from './syntax.ts'
import type { VendorDestination } from './vendors.ts'

/** What becomes of the options of a vendor's plugin. */
export interface Carried {
  /** Source text of the options of `mapseal()` besides destinations. */
  own: string[]
  /** Source text of the destination's options. */
  destination: string[]
  /** Names of the destination's options that are set. */
  given: string[]
  /** A sentence for each option that is left out. */
  notes: string[]
}

/** @returns undefined where the options cannot be carried over */
export function carryOver(call: Node, text: string, { carried }: VendorDestination): Carried | undefined {
  return carried ? carryByTable(call, text, carried) : carrySentry(call, text)
}
