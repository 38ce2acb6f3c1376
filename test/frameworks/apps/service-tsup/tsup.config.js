import mapseal from 'mapseal/esbuild'

export default { entry: ['src/index.ts'], format: 'esm', esbuildPlugins: [mapseal()] }
