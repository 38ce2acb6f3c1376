/** Errors the page saw, as an error tracker's client would send them; `playground/demo.ts` reads this. */
export interface ErrorReport {
  stack: string
  /** The registry of the realm that threw: maps stacks to debug IDs. */
  registry: Record<string, string>
}

declare global {
  var shopErrors: ErrorReport[] | undefined
  var _sentryDebugIds: Record<string, string> | undefined
}

/** Describes an error of this realm (page or worker). */
export function describe(error: unknown): ErrorReport {
  const stack = error instanceof Error && error.stack ? error.stack : String(error)
  return { stack, registry: { ...globalThis._sentryDebugIds } }
}

export function report(entry: ErrorReport): void {
  globalThis.shopErrors = [...(globalThis.shopErrors ?? []), entry]
  const block = document.createElement('pre')
  block.textContent = entry.stack
  document.body.append(block)
}

export function reportUncaught(): void {
  addEventListener('error', event => report(describe(event.error)))
  addEventListener('unhandledrejection', event => report(describe(event.reason)))
}
