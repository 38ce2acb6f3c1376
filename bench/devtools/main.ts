import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog, createServer } from '@mapseal/server'
import { build } from 'esbuild'
import mapseal from 'mapseal/esbuild'
import { configure, openBrowser } from '../../test/devtools/browser.ts'
import { openFrontEnd } from '../../test/devtools/front-end.ts'
import { freePort } from '../../test/support/ports.ts'
import { median } from '../figures.ts'
import { APPS, REPOSITORY, SCRATCH } from '../places.ts'
import { install } from '../setup/install.ts'

/**
 * How long it takes to attach a large map, and then to list its originals, from when the server has sent its last byte to the extension.
 * Prints the figures and writes them to bench/devtools/results.md.
 *
 * node -C mapseal-source --import tsx bench/devtools/main.ts
 */

const RELOADS = 11
const token = 'a-token-of-the-team-with-some-length'
const root = join(SCRATCH, 'devtools')
await install(APPS, line => console.error(line))
await rm(root, { recursive: true, force: true })
await mkdir(join(root, 'src'), { recursive: true })
const dist = join(root, 'dist')
const vault = join(root, 'vault')

/** Two packages of the registry whose maps are among the largest. */
const large = {
  ts: join(REPOSITORY, 'node_modules/typescript/lib/typescript.js'),
  plotly: join(APPS, 'node_modules/plotly.js-dist/plotly.js'),
}
await writeFile(join(root, 'src/cart.js'), 'export const total = items => items.length\n')
const imports = Object.entries(large).map(([name, path]) => `import * as ${name} from ${JSON.stringify(path)}`)
await writeFile(
  join(root, 'src/main.js'),
  `${imports.join('\n')}\nimport { total } from './cart.js'\nglobalThis.all = { ts, plotly, total }\n`,
)
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.js'],
  bundle: true,
  minify: true,
  format: 'iife',
  outdir: dist,
  external: ['fs', 'path', 'os', 'inspector', 'perf_hooks', 'crypto'],
  logLevel: 'error',
  sourcemap: 'external',
  plugins: [mapseal({ vault, logger: { info() {}, warn: console.error, error: console.error } })],
})

const sent: number[] = []
const log = createLog(line => line.includes('"GET","path":"/api/maps/') && sent.push(Date.now()), 'json')
const server = await createServer({ port: 0, vault, adminToken: token, log })
const app = createHttpServer(async (request, response) => {
  const isScript = request.url === '/main.js'
  response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html' })
  response.end(isScript ? await readFile(join(dist, 'main.js')) : '<!doctype html><script src="/main.js"></script>')
})
await new Promise<void>(done => app.listen(0, '127.0.0.1', done))
const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/`
const port = await freePort()
const context = await openBrowser(port)
await configure(context, { server: server.url, token })
const [debugId] = /[\da-f-]{36}(?=\s*$)/.exec(await readFile(join(dist, 'main.js'), 'utf8')) ?? []
const map = await fetch(`${server.url}/api/maps/${debugId}`, { headers: { Authorization: `Bearer ${token}` } })
const size = (await map.arrayBuffer()).byteLength
const page = await context.newPage()
await page.goto(url)
const frontEnd = await openFrontEnd(port, url)
await frontEnd.evaluate(`(globalThis.attached = [], globalThis.listed = [],
  SDK.TargetManager.TargetManager.instance().models(SDK.DebuggerModel.DebuggerModel).forEach(model =>
    model.sourceMapManager().addEventListener('SourceMapWillAttach', () => globalThis.attached.push(Date.now()))),
  Workspace.WorkspaceImpl.instance().addEventListener(
    'UISourceCodeAdded', ({ data }) => { if (data.url().endsWith('src/cart.js')) globalThis.listed.push(Date.now()) }), 0)`)
await sleep(3000)

const attaching: number[] = []
const listing: number[] = []
for (let reload = 0; reload < RELOADS; reload++) {
  sent.length = 0
  await frontEnd.evaluate('globalThis.attached.length = globalThis.listed.length = 0')
  await page.reload()
  for (let waits = 0; (await frontEnd.evaluate<number>('globalThis.listed.length')) === 0; waits++) {
    if (waits === 100) throw new Error('The originals were not listed within 20 s.')
    await sleep(200)
  }
  const [attached, listed] = await frontEnd.evaluate<number[]>('[globalThis.attached.at(-1), globalThis.listed[0]]')
  if (sent.length !== 1) throw new Error(`The map was sent ${sent.length} times.`)
  attaching.push((attached as number) - (sent[0] as number))
  listing.push((listed as number) - (sent[0] as number))
  console.error(`attached after ${attaching.at(-1)} ms, listed after ${listing.at(-1)} ms`)
  await sleep(1000)
}
frontEnd.close()
await context.close()
app.closeAllConnections()
app.close()
await server.close()
await rm(root, { recursive: true })

const text =
  `A map of ${(size / 1e6).toFixed(0)} MB is attached ${figuresOf(attaching)} after the server has sent it, and its originals are listed ` +
  `${figuresOf(listing)} after it was sent, most of which DevTools takes to decode it. ${RELOADS} reloads; the map is sent once each time. ` +
  `Node ${process.version}, ${cpus()[0]?.model.trim()}.\n`
console.log(text)
await writeFile(join(import.meta.dirname, 'results.md'), text)

function figuresOf(times: number[]): string {
  return `${median(times)} ms (${Math.min(...times)}–${Math.max(...times)})`
}
