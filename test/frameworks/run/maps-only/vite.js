const change = { order: 'post', handler: () => ({ build: { sourcemap: true } }) }

export default () => ({ name: 'maps-only', config: change, configEnvironment: change })
