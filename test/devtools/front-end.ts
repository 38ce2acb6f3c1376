import { WebSocket } from 'undici'

/** DevTools' own page, as the browser lists it on its debugging port. */
export interface FrontEnd {
  /** Evaluates in it, with DevTools' `SDK`, `Workspace`, `Breakpoints` at hand. */
  evaluate<Value>(expression: string): Promise<Value>
  close(): void
}

const MODULES = `
  const load = path => import('devtools://devtools/bundled/' + path)
  const SDK = await load('core/sdk/sdk.js')
  const { Workspace } = await load('models/workspace/workspace.js')
  const Breakpoints = await load('models/breakpoints/breakpoints.js')
  const codes = Workspace.WorkspaceImpl.instance().uiSourceCodes()
`

/** Finds the DevTools of the tab with this page. */
export async function openFrontEnd(port: number, url: string): Promise<FrontEnd> {
  const response = await fetch(`http://127.0.0.1:${port}/json/list`)
  const targets = (await response.json()) as { url: string; webSocketDebuggerUrl: string }[]
  for (const target of targets.filter(target => target.url.startsWith('devtools://'))) {
    const frontEnd = await connect(target.webSocketDebuggerUrl)
    const inspected = await frontEnd.evaluate<string[]>('codes.map(code => code.url())').catch(() => [])
    if (inspected.some(code => code.startsWith(url))) return frontEnd
    frontEnd.close()
  }
  throw new Error(`No DevTools inspects ${url}.`)
}

async function connect(address: string): Promise<FrontEnd> {
  const socket = new WebSocket(address)
  await new Promise(done => socket.addEventListener('open', done))
  let last = 0

  return {
    evaluate(body) {
      const id = ++last
      const expression = `(async () => { ${MODULES}; return ${body} })()`
      const params = { expression, awaitPromise: true, returnByValue: true }
      socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }))
      return new Promise((done, fail) => {
        socket.addEventListener('message', function answer({ data }) {
          const message = JSON.parse(String(data))
          if (message.id !== id) return
          socket.removeEventListener('message', answer)
          const { result, exceptionDetails } = message.result
          if (exceptionDetails) fail(new Error(exceptionDetails.exception?.description ?? exceptionDetails.text))
          else done(result.value)
        })
      })
    },
    close: () => socket.close(),
  }
}
