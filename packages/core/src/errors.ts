/** Every error of ours: `[mapseal] [part] what happened. What to do.`; never holds a token. */
export class MapsealError extends Error {
  override name = 'MapsealError'

  constructor(part: string, message: string, options?: { cause?: unknown }) {
    super(`[mapseal] [${part}] ${message}`, options)
    this.stack = ownFrames(this.stack ?? '').replace(/^MapsealError|^Error/, new.target.name)
  }

  /** Rollup writes the failing plugin's name here, and Vite then prefixes the message with it: ours names us already. */
  get plugin(): undefined {
    return undefined
  }

  set plugin(_name: unknown) {}
}

/**
 * A stack without the frames of packages and of Node. Bundlers print it, and what helps there is the user's own code alone,
 * such as the line of a config.
 */
export function ownFrames(stack: string): string {
  return stack.replace(/\n +at (?=[^\n]*(?:[\\/]node_modules[\\/]|\bnode:|\((?:<anonymous>|native)\)))[^\n]*/g, '')
}

/** A file of a vault that is not what it should be; `cause` says why. */
export class DamagedError extends MapsealError {
  override name = 'DamagedError'
}

/** What is wrong with a file of a vault, for callers that name the file themselves. */
export function damageOf(cause: unknown): unknown {
  return cause instanceof DamagedError ? cause.cause : cause
}

/** An HTTP exchange that failed for good; destinations branch on its status. */
export class HttpError extends MapsealError {
  override name = 'HttpError'
  /** Absent where no answer came. */
  status: number | undefined

  constructor(
    message: string,
    { part = 'http', ...options }: { part?: string; status?: number | undefined; cause?: unknown } = {},
  ) {
    super(part, message, options)
    this.status = options.status
  }
}

/** Whether the server cannot be reached or refuses the credentials, so that other requests would fare no better. */
export function isUnavailable(cause: unknown): boolean {
  if (!(cause instanceof HttpError)) return false
  return cause.status === undefined || cause.status === 401 || cause.status === 403
}

/** The message of whatever was thrown, to be part of another: without the prefix of our own errors. */
export function reason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return message.replace(/^\[mapseal\] \[[\w-]+\] /, '')
}
