import type { End } from './clock.ts'

/** A response that is read to its end. */
export interface WholeResponse {
  status: number
  /** By names in lower case. */
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** Watches over an exchange. */
export interface Reading {
  /** Called at the response's head, and at each piece of its body, with the bytes of the body so far. What it throws ends the exchange. */
  onReceived(size: number): void
  /** Is given what ends the exchange. */
  onStart(end: End): void
}

/** What undici calls, as far as it is used. */
interface Handler {
  onRequestStart(controller: { abort(cause: Error): void }): void
  onResponseStart(controller: unknown, status: number, headers: WholeResponse['headers']): void
  onResponseData(controller: unknown, piece: Buffer): void
  onResponseEnd(): void
  onResponseError(controller: unknown, cause: Error): void
}

/** Dispatches a request, and collects its response. Without streams, which take longer than all else that is done for a small one. */
export function readWhole(dispatch: (handler: Handler) => void, reading: Reading): Promise<WholeResponse> {
  return new Promise((done, fail) => {
    const pieces: Buffer[] = []
    let head: Omit<WholeResponse, 'body'> = { status: 0, headers: {} }
    let size = 0
    let abort: End | undefined
    let ended: Error | undefined
    reading.onStart(cause => {
      // undici hears of it only once the connection stands.
      ended = cause
      abort?.(cause)
      fail(cause)
    })
    dispatch({
      onRequestStart(controller) {
        if (ended) controller.abort(ended)
        else abort = cause => controller.abort(cause)
      },
      onResponseStart(_, status, headers) {
        if (status < 200) return
        head = { status, headers }
        reading.onReceived(0)
      },
      onResponseData(_, piece) {
        size += piece.length
        pieces.push(piece)
        reading.onReceived(size)
      },
      onResponseEnd: () => done({ ...head, body: Buffer.concat(pieces) }),
      onResponseError: (_, cause) => fail(cause),
    })
  })
}
