import mapseal from 'mapseal/rollup'
import { defineBuildConfig } from 'unbuild'

export default defineBuildConfig({
  entries: ['src/boom'],
  hooks: { 'rollup:options': (_, { plugins }) => void plugins.push(mapseal()) },
})
