import type { Plugin } from 'rollup'
import type { RollupBuild } from './build.ts'

/**
 * Ends the build. It is added as the last of all plugins, wherever ours stand in the list: what others do to the output in their
 * `closeBundle`, even with `order: 'post'`, is settled.
 */
export function closePlugin({ session }: RollupBuild): Plugin {
  return {
    name: 'mapseal:close',
    buildStart(input) {
      session.closedBy(input, this)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler(error?: Error) {
        await session.leave(this, error ? 'failed' : 'done')
      },
    },
  }
}
