import * as Sentry from '@sentry/browser'

/** Defined by the build. */
declare const SHOP_DSN: string

/** In place of the playground's own `errors.ts`, in the page and in its worker: an unmodified SDK, and nothing else. */
Sentry.init({ dsn: SHOP_DSN, environment: 'test' })

export interface ErrorReport {
  message: string
}

export function reportUncaught(): void {}

/** What the worker sends to the page; the SDK in the worker has reported it already. */
export function describe(error: unknown): ErrorReport {
  return { message: String(error) }
}

export function report({ message }: ErrorReport): void {
  document.title = message
}
