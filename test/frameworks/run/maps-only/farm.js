export default () => ({ name: 'maps-only', config: () => ({ compilation: { sourcemap: true } }) })
