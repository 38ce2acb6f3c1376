/** An error as `POST /api/symbolicate` of the server takes it. */
export interface ErrorReport {
  /** The stack of the error, then those of its causes and of what it aggregates. */
  stack: string
  /** Debug IDs of the scripts in its stack, by their URLs. */
  debugIds: Record<string, string>
}

/** The registries that the snippets of Mapseal and other tools fill (`_debugIds` is Turbopack's): from the stack at a script's start to its debug ID. */
const registries = ['_sentryDebugIds', '_posthogChunkIds', '_btDebugIds', 'DD_SOURCE_CODE_CONTEXT', '_debugIds']

/** The URL in the topmost frame, of any engine. */
const location = /^\s*at .*? \((?:address at )?(.+):\d+:\d+\)$|^(?:\s*at (?:async )?|[^@:\n]*@)?(\S.*?):\d+:\d+$/m

/** The most errors of one chain that are reported. */
const most = 50

/**
 * The stack of an error, its causes and the errors it aggregates, with the debug IDs of the scripts in it: what any logger
 * needs to send, so that the server can read the stack. Works in browsers, workers, Node, Deno and Bun.
 */
export function debugIdsOf(error: unknown): ErrorReport {
  const errors: unknown[] = [error]
  for (const each of errors as { cause?: unknown; errors?: unknown[] }[]) {
    const more = read(() => [each?.cause].concat(Array.isArray(each?.errors) ? each.errors : []))
    for (const other of more ?? [])
      if (other != null && !errors.includes(other) && errors.length < most) errors.push(other)
  }
  const stack = errors.map(text).join('\nCaused by: ')

  const debugIds: Record<string, string> = {}
  for (const name of registries) {
    const registry = (globalThis as Record<string, unknown>)[name] as Record<string, unknown>
    for (const key in registry) {
      const entry = registry[key] as { ddDebugId?: unknown }
      const id = entry?.ddDebugId ?? entry
      const match = location.exec(key)
      const url = match?.[1] ?? match?.[2]
      if (url && typeof id === 'string' && stack.includes(`${url}:`)) debugIds[url] ??= id
    }
  }
  return { stack, debugIds }
}

/** Firefox and Safari leave name and message out of the stack. A value that cannot be read is described by its type. */
function text(error: unknown): string {
  const stack = read(() => String((error as Error).stack ?? '')) ?? ''
  const message = read(() => String((error as Error).message ?? ''))
  const whole = read(() => String(error))
  const title = message && (whole ?? '[object ').startsWith('[object ') ? message : (whole ?? typeof error)
  return stack.includes(title) ? stack : `${title}\n${stack}`
}

/** Getters, proxies and `toString` of a thrown value may throw themselves. */
function read<Value>(value: () => Value): Value | undefined {
  try {
    return value()
  } catch {
    return undefined
  }
}
