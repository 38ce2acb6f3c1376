import type { Plugin } from 'rollup'

/** Those of Vite and its legacy plugin that see the bundle, by name: a prefix proves nothing, `vite:singlefile` is another's. */
const known =
  /^(?:vite:(?:worker|asset|force-[\w-]+|css-post|build-html|build-import-analysis|license|manifest|ssr-manifest|reporter|legacy-[\w-]+)|(?:native|builtin|mapseal):.*|mapseal)$/

/** Vite's own plugins leave each map fitting its code: what they put into the wrapper of AMD or SystemJS has no original. */
export function isKnown({ name }: Pick<Plugin, 'name'>): boolean {
  return known.test(name)
}
