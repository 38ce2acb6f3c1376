import type { OutputBundle, Plugin } from 'rolldown'

/** The plugin, with bundles that count how often the text of a map is read: Rolldown copies it each time. */
export function counting(plugin: Plugin, reads: Map<string, number>): Plugin {
  const { generateBundle } = plugin
  if (typeof generateBundle !== 'object') return plugin
  const { handler } = generateBundle
  return {
    ...plugin,
    generateBundle: {
      ...generateBundle,
      handler(options, bundle, isWrite) {
        return handler.call(this, options, countingBundle(bundle, reads), isWrite)
      },
    },
  }
}

function countingBundle(bundle: OutputBundle, reads: Map<string, number>): OutputBundle {
  return new Proxy(bundle, {
    get(files, name) {
      const file = files[name as string]
      return (
        file &&
        new Proxy(file, {
          get(target, key) {
            const isMap = key === 'map' || (key === 'source' && target.fileName.endsWith('.map'))
            const label = `${target.fileName} ${String(key)}`
            if (isMap) reads.set(label, (reads.get(label) ?? 0) + 1)
            return Reflect.get(target, key)
          },
          set: (target, key, value) => Reflect.set(target, key, value),
        })
      )
    },
  })
}
