import type { Row } from '../run/row.ts'

const dist: Pick<Row, 'outputs' | 'deployed' | 'run'> = {
  outputs: ['dist'],
  deployed: ['dist'],
  run: { kind: 'static', dir: 'dist' },
}
const vite = [['vite/bin/vite.js', 'build']]

/** What a browser loads from a folder. */
export const pages: Row[] = [
  {
    name: 'pwa',
    title: 'PWA, vite-plugin-pwa',
    framework: 'vite-plugin-pwa',
    hook: 'plugins: [VitePWA(), mapseal()]',
    build: vite,
    ...dist,
  },
  {
    name: 'extension',
    title: 'browser extension, CRXJS',
    framework: '@crxjs/vite-plugin',
    hook: 'plugins: [crx(), mapseal()]',
    build: vite,
    ...dist,
  },
  {
    name: 'federation',
    title: 'Module Federation, Vite',
    framework: '@module-federation/vite',
    hook: 'plugins: [federation(), mapseal()]',
    build: vite,
    ...dist,
  },
  {
    name: 'federation-webpack',
    title: 'Module Federation, webpack',
    framework: '@module-federation/enhanced',
    hook: 'plugins: [mapseal()]',
    build: [['webpack-cli/bin/cli.js']],
    ...dist,
  },
  {
    name: 'rsbuild',
    title: 'Rsbuild',
    framework: '@rsbuild/core',
    hook: 'plugins: [mapseal()]',
    build: [['@rsbuild/core/bin/rsbuild.js', 'build']],
    ...dist,
  },
  {
    name: 'farm',
    title: 'Farm',
    framework: '@farmfe/core',
    hook: 'plugins: [mapseal()]',
    build: [['@farmfe/cli/bin/farm.mjs', 'build']],
    ...dist,
  },
  {
    name: 'parcel',
    title: 'Parcel',
    framework: 'parcel',
    hook: 'mapseal run -- parcel build',
    build: [['mapseal', 'run', '--', 'parcel', 'build', '--no-cache']],
    ...dist,
  },
  {
    name: 'vue-cli',
    title: 'Vue CLI',
    framework: '@vue/cli-service',
    hook: 'plugins: [mapseal()]',
    build: [['@vue/cli-service/bin/vue-cli-service.js', 'build']],
    ...dist,
  },
  {
    name: 'electron-vite',
    title: 'electron-vite',
    framework: 'electron-vite',
    hook: 'renderer: { plugins: [mapseal()] }',
    build: [['electron-vite/bin/electron-vite.js', 'build']],
    outputs: ['out'],
    deployed: ['out'],
    run: { kind: 'static', dir: 'out/renderer' },
  },
  {
    name: 'storybook',
    title: 'Storybook',
    framework: 'storybook',
    hook: 'viteFinal: config => ({ ...config, plugins: [...config.plugins, mapseal()] })',
    build: [['storybook/dist/bin/dispatcher.js', 'build', '--quiet']],
    outputs: ['storybook-static'],
    deployed: ['storybook-static'],
    run: { kind: 'static', dir: 'storybook-static', page: 'iframe.html?id=boom--boom&viewMode=story' },
  },
]
