import mapsOnly from './vite.js'

export default () => ({
  name: 'maps-only',
  hooks: { 'astro:config:setup': ({ updateConfig }) => void updateConfig({ vite: { plugins: [mapsOnly()] } }) },
})
