import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Order, Settings, Traffic } from './types.ts'

/** A running stand-in that knows nothing yet. */
export interface Server extends AsyncDisposable {
  url: string
  set(settings: Settings): Promise<void>
  /** Forgets requests; chunks and bundles stay known. */
  clear(): Promise<void>
  /** Also checks what arrived. */
  traffic(): Promise<Traffic>
}

export async function startServer(settings: Settings = { latencyMs: 0 }): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'main.ts'), { execArgv: ['--import', 'tsx'], serialization: 'advanced' })
  const answer = async () => (await once(child, 'message'))[0]
  const order = async (what: Order) => {
    child.send(what)
    return answer()
  }
  const { url } = (await answer()) as { url: string }
  await order({ order: 'settings', settings })
  return {
    url,
    set: settings => order({ order: 'settings', settings }),
    clear: () => order({ order: 'clear' }),
    traffic: () => order({ order: 'traffic' }) as Promise<Traffic>,
    async [Symbol.asyncDispose]() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
