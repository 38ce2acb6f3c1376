export default function mapsOnly(_options, nuxt) {
  nuxt.options.sourcemap = { client: true, server: true }
}
