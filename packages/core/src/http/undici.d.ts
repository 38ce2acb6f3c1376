// undici's parts have no types of their own: these are its index's, which would bring four times as much code.
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici'
  export default Agent
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici'
  export default buildConnector
}

declare module 'undici/lib/api/api-request.js' {
  import type { Dispatcher } from 'undici'
  /** Without a path, as in the index, the origin's root. */
  export default function request(
    this: Dispatcher,
    options: Dispatcher.RequestOptions & { servername?: string },
  ): Promise<Dispatcher.ResponseData>
}

declare module 'undici/lib/api/api-connect.js' {
  import type { Dispatcher } from 'undici'
  export default function connect(
    this: Dispatcher,
    options: Dispatcher.ConnectOptions & { servername?: string },
  ): Promise<Dispatcher.ConnectData>
}
