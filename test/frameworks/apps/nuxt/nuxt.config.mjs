export default {
  modules: ['mapseal/nuxt'],
}
