export default () => ({
  name: 'maps-only',
  setup(build) {
    build.initialOptions.sourcemap = true
  },
})
