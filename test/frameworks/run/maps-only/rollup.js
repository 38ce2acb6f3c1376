export default () => ({
  name: 'maps-only',
  outputOptions: { order: 'post', handler: output => ({ ...output, sourcemap: true }) },
})
