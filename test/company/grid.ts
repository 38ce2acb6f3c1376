/** What another plugin does in one of its hooks. */
export type Action = 'throws' | 'pushes an error' | 'returns an error' | 'is killed'

/** One combination: the other plugin stands before or after ours in the list. */
export interface Cell {
  host: Host
  hook: string
  action: Action
  place: 'before' | 'after'
}

export const hosts = ['vite8', 'vite7', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'] as const
export type Host = (typeof hosts)[number]

const rollupHooks = ['transform', 'renderChunk', 'generateBundle', 'writeBundle', 'closeBundle']
const compilerHooks = ['processAssets', 'emit', 'afterEmit', 'done']

const hooks: Record<Host, string[]> = {
  vite8: [...rollupHooks, 'buildApp'],
  vite7: [...rollupHooks, 'buildApp'],
  rollup: rollupHooks,
  rolldown: rollupHooks,
  webpack: compilerHooks,
  rspack: compilerHooks,
  esbuild: ['onEnd'],
}

/** In the Rollup family `this.error` throws, so a hook there has no other way to fail. */
const actions: Record<Host, Action[]> = {
  vite8: ['throws', 'is killed'],
  vite7: ['throws', 'is killed'],
  rollup: ['throws', 'is killed'],
  rolldown: ['throws', 'is killed'],
  webpack: ['throws', 'pushes an error', 'is killed'],
  rspack: ['throws', 'pushes an error', 'is killed'],
  esbuild: ['throws', 'pushes an error', 'returns an error', 'is killed'],
}

/** Why a cell cannot hold, or undefined. */
function leftOut({ host, action, place }: Cell): string | undefined {
  if (host === 'esbuild' && action === 'is killed' && place === 'before')
    return 'esbuild writes its files itself, and plugins run one after the other: ours never has its turn'
  return undefined
}

export const cells: Cell[] = hosts.flatMap(host =>
  hooks[host].flatMap(hook =>
    actions[host].flatMap(action => (['before', 'after'] as const).map(place => ({ host, hook, action, place }))),
  ),
)

export const heldCells: Cell[] = cells.filter(cell => leftOut(cell) === undefined)

export const leftOutCells: { cell: Cell; reason: string }[] = cells.flatMap(cell => {
  const reason = leftOut(cell)
  return reason === undefined ? [] : [{ cell, reason }]
})

export function nameOf({ host, hook, action, place }: Cell): string {
  return `${host} · ${hook} of a plugin ${place} ours ${action}`
}
