import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { type AddressInfo, connect, createServer as createListener } from 'node:net'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { openBucket, openVault } from '@mapseal/core'
import { build as bundle } from 'esbuild'
import { s3 } from 'mapseal/destinations/s3'
import esbuildPlugin from 'mapseal/esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../packages/cli/test/run.ts'
import { build } from '../packages/core/test/vault-contract.ts'
import { mapseal, runNode } from './support/command.ts'
import { type FaultServer, faultServer, type PrivateCa, privateCa } from './support/fault-server.ts'
import { startBucket, type TestBucket } from './support/s3.ts'
import { s3Front } from './support/s3-front.ts'
import { type Tinyproxy, tinyproxy, tinyproxyProblem } from './support/tinyproxy.ts'

/** A bucket behind TLS of a private authority, and behind a proxy. */

const problem = await tinyproxyProblem()
const variables = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
]
const before = Object.fromEntries(variables.map(name => [name, process.env[name]]))

function setNetwork(env: NodeJS.ProcessEnv): void {
  for (const name of variables) delete process.env[name]
  Object.assign(process.env, env)
}

let authority: PrivateCa
let bucket: TestBucket
let front: FaultServer
let dir: string
beforeAll(async () => {
  setNetwork({})
  authority = await privateCa()
  bucket = await startBucket()
  front = await s3Front(bucket, authority)
  await mkdir(join(import.meta.dirname, '.tmp'), { recursive: true })
  dir = await mkdtemp(join(import.meta.dirname, '.tmp/s3-network-'))
})
afterEach(() => setNetwork({}))
afterAll(async () => {
  setNetwork({})
  for (const [name, value] of Object.entries(before)) if (value !== undefined) process.env[name] = value
  await front?.close()
  await bucket?.stop()
  await authority?.[Symbol.asyncDispose]()
  if (dir) await rm(dir, { recursive: true })
})

/** Requests to loopback never go through a proxy. This address leads to the same listener without being loopback. */
const location = (prefix: string, endpoint = `https://0.0.0.0:${front.port}`) =>
  `${bucket.url}/${prefix}?endpoint=${endpoint}`

async function failureOf(work: Promise<unknown>): Promise<{ message: string; all: string }> {
  const error = await work.then(
    () => new Error('it worked'),
    cause => cause,
  )
  return { message: error.message, all: inspect(error, { depth: 10, showHidden: true }) }
}

describe('a private authority', () => {
  it('is not trusted, with advice', async () => {
    const { message } = await failureOf(openBucket(location('tls')).get('a'))
    expect(message).toMatch(
      /^\[mapseal\] \[s3\] GET \(bucket maps, key tls\/a at https:\S+\) got no answer: (?:UNABLE_TO|SELF_SIGNED)\w+: .*\. If a private authority signed it, name its certificate by NODE_EXTRA_CA_CERTS \(a file\) or `ca` \(PEM\)\.$/,
    )
  })

  it('is trusted by `ca` and by NODE_EXTRA_CA_CERTS, also beside each other', async () => {
    const other = await privateCa()
    await openBucket(location('tls'), { ca: authority.ca }).put('a', Buffer.from('1'))
    expect(await failureOf(openBucket(location('tls'), { ca: other.ca }).get('a'))).toMatchObject({
      message: expect.stringContaining('If a private authority'),
    })
    setNetwork({ NODE_EXTRA_CA_CERTS: authority.caFile })
    expect(`${await openBucket(location('tls')).get('a')}`).toBe('1')
    expect(`${await openBucket(location('tls'), { ca: other.ca }).get('a')}`).toBe('1')
    await other[Symbol.asyncDispose]()
  })

  it('that is not PEM is reported', async () => {
    const { message } = await failureOf(openBucket(location('tls'), { ca: 'certs/ca.pem' }).get('a'))
    expect(message).toBe(
      '[mapseal] [http] `ca` does not hold a PEM certificate. Give it the text of one, not the path of its file.',
    )
  })
})

describe.skipIf(problem)(`through a real proxy${problem ? ` (${problem})` : ''}`, () => {
  let proxy: Tinyproxy
  let locked: Tinyproxy
  beforeAll(async () => {
    proxy = await tinyproxy(`ConnectPort ${front.port}`)
    locked = await tinyproxy(`ConnectPort ${front.port}`, 'BasicAuth acme pa55word')
  })
  afterAll(async () => {
    for (const one of [proxy, locked]) await one?.close()
  })
  const tunnels = async (one = proxy) => (await one.log()).split('\n').filter(line => /CONNECT 0\.0\.0\.0/.test(line))

  it('a vault is written and read by CONNECT', async () => {
    setNetwork({ HTTPS_PROXY: `http://${proxy.host}` })
    const vault = openVault(location('vault'), '/', { ca: authority.ca })
    const { files } = await build(vault, '1', ['first', 'second'])
    expect((await vault.records()).map(({ id }) => id)).toEqual(['1'])
    expect(`${await vault.read(files[0]?.code as (typeof files)[0]['code'])}`).toContain('first')
    expect(await tunnels()).not.toEqual([])
  })

  it('needs its authority through the tunnel too', async () => {
    setNetwork({ HTTPS_PROXY: `http://${proxy.host}` })
    expect((await failureOf(openBucket(location('vault')).get('a'))).message).toContain(
      'If a private authority signed it',
    )
    setNetwork({ HTTPS_PROXY: `http://${proxy.host}`, NODE_EXTRA_CA_CERTS: authority.caFile })
    expect(await openBucket(location('vault')).get('a')).toBeUndefined()
  })

  it.each(['0.0.0.0', '*', '0.0.0.0/8'])('NO_PROXY=%s goes past it', async exception => {
    const count = (await tunnels()).length
    setNetwork({ HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: exception })
    await openBucket(location('past'), { ca: authority.ca }).put('a', Buffer.from('1'))
    setNetwork({ HTTPS_PROXY: 'http://127.0.0.1:1' })
    const loopback = location('past', `https://127.0.0.1:${front.port}`)
    expect(`${await openBucket(loopback, { ca: authority.ca }).get('a')}`).toBe('1')
    expect(await tunnels()).toHaveLength(count)
  })

  it('plain http: goes by HTTP_PROXY, except to loopback and where NO_PROXY says so', async () => {
    const plain = await s3Front(bucket)
    const elsewhere = location('plain', `http://0.0.0.0:${plain.port}`)
    const content = Buffer.alloc(700_000, 'map')
    const count = (await tunnels(locked)).length
    setNetwork({ HTTP_PROXY: `http://acme:pa55word@${locked.host}`, HTTPS_PROXY: 'http://127.0.0.1:1' })
    await openBucket(elsewhere).put('a', content)
    expect((await openBucket(elsewhere).get('a'))?.equals(content)).toBe(true)
    expect(plain.requests.map(({ headers }) => headers.via)).toEqual(
      [1, 2].map(() => expect.stringContaining('tinyproxy')),
    )
    for (const { headers } of plain.requests.splice(0)) expect(headers['proxy-authorization']).toBeUndefined()
    expect(await tunnels(locked)).toHaveLength(count)

    setNetwork({ HTTP_PROXY: `http://${locked.host}` })
    expect((await failureOf(openBucket(elsewhere).get('a'))).message).toMatch(
      /was answered 407: .*Put a name and a password into the URL of the proxy/,
    )
    // This proxy's 401 looks like the store's own.
    setNetwork({ HTTP_PROXY: `http://acme:wr0ngword@${locked.host}` })
    const { message, all } = await failureOf(openBucket(elsewhere).get('a'))
    expect(message).toContain('was answered 401')
    expect(all).not.toMatch(/wr0ng|acme|YWNtZTp3/)

    setNetwork({ HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '0.0.0.0' })
    expect(await openBucket(elsewhere).get('b')).toBeUndefined()
    setNetwork({ HTTP_PROXY: 'http://127.0.0.1:1' })
    expect(await openBucket(location('plain', plain.url)).get('b')).toBeUndefined()
    expect(plain.requests.map(({ headers }) => headers.via)).toEqual([undefined, undefined])
    await plain.close()
  })

  it('credentials of the proxy open it, and appear in no message', async () => {
    setNetwork({ HTTPS_PROXY: `http://acme:pa55word@${locked.host}` })
    const opened = openBucket(location('locked'), { ca: authority.ca })
    front.requests.splice(0)
    await opened.put('a', Buffer.from('1'))
    expect(`${await opened.get('a')}`).toBe('1')
    expect(front.requests).toHaveLength(2)
    for (const { headers } of front.requests) expect(headers['proxy-authorization']).toBeUndefined()

    const advice = 'Put a name and a password into the URL of the proxy: HTTPS_PROXY, HTTP_PROXY.'
    for (const pair of ['', 'acme:wr0ngword@']) {
      setNetwork({ HTTPS_PROXY: `http://${pair}${locked.host}` })
      const { message, all } = await failureOf(openBucket(location('locked'), { ca: authority.ca }).get('a'))
      expect(message).toMatch(
        /GET \(bucket maps, key locked\/a at \S+\) got no answer: the proxy [\d.:]+ answered 40[17]/,
      )
      expect(message).toContain(`. ${advice}`)
      expect(all).not.toMatch(/wr0ng|acme|YWNtZTp3/)
    }
  })

  it('reports a refusal without a retry', async () => {
    setNetwork({ HTTPS_PROXY: `http://${proxy.host}` })
    const other = location('refused', `https://0.0.0.0:${front.port === 9 ? 10 : 9}`)
    const { message } = await failureOf(openBucket(other).get('a'))
    expect(message).toMatch(
      /got no answer: the proxy 127\.0\.0\.1:\d+ answered 403\. Let the proxy connect to it, or name the host in NO_PROXY\.$/,
    )
  })

  it('the plugin, every command and the s3 destination go', async () => {
    setNetwork({ HTTPS_PROXY: `http://acme:pa55word@${locked.host}` })
    const vault = location('app')
    const endpoint = `https://0.0.0.0:${front.port}`
    await writeFile(join(dir, 'package.json'), '{}')
    await writeFile(join(dir, 'main.js'), "function price() {\n  throw new Error('from the bucket')\n}\nprice()\n")
    await writeFile(
      join(dir, 'mapseal.config.mjs'),
      `import { s3 } from 'mapseal/destinations/s3'
      export default {
        vault: '${vault}',
        ca: ${JSON.stringify(authority.ca)},
        destinations: [s3({ bucket: 'maps', prefix: 'maps', endpoint: '${endpoint}' })],
      }`,
    )
    const logger = { info() {}, warn: console.error, error: console.error }
    const destinations = [s3({ bucket: bucket.name, prefix: 'maps', endpoint })]
    const options = { vault, ca: authority.ca, destinations, deliver: 'later' as const, release: '1.4.0', logger }
    await bundle({
      absWorkingDir: dir,
      entryPoints: [join(dir, 'main.js')],
      outdir: join(dir, 'dist'),
      bundle: true,
      minify: true,
      sourcemap: true,
      plugins: [esbuildPlugin(options)],
    })
    // As a process of its own, which finds what the config imports in the source.
    const flushed = await mapseal(['flush'], { cwd: dir })
    expect(flushed.stdout, flushed.stderr).toContain('s3 delivered, artifacts there: 1')
    const delivered = openBucket(`${bucket.url}/maps`)
    expect(await delivered.get('releases/1.4.0/main.js.map')).toBeDefined()
    const { stderr } = await runNode([join(dir, 'dist/main.js')], { cwd: dir })
    expect((await run(['symbolicate'], { cwd: dir, stdin: stderr })).stdout).toMatch(/price.*main\.js:2:9/)

    setNetwork({ ...process.env, NODE_EXTRA_CA_CERTS: authority.caFile })
    const token = await run(['serve', 'token', 'create', '--access', 'read', '--vault', vault], { cwd: dir })
    expect([token.code, token.stdout]).toEqual([0, expect.stringMatching(/^\S+\n$/)])
    const served = await run(['serve', '--port', '0', '--vault', vault, '--json'], { cwd: dir })
    expect([served.code, served.stdout]).toEqual([0, expect.stringContaining(`"vault":"${bucket.url}/app"`)])
    expect((await tunnels(locked)).length).toBeGreaterThan(3)
  })
})

it('a proxy that is not there is named', async () => {
  setNetwork({ HTTPS_PROXY: 'http://acme:pa55word@127.0.0.1:1' })
  const { message, all } = await failureOf(openBucket(location('gone')).get('a'))
  expect(message).toMatch(
    /got no answer: the proxy 127\.0\.0\.1:1 could not be reached: ECONNREFUSED.*\. Check the proxy \(HTTPS_PROXY, HTTP_PROXY\) and the network\. Then try again\.$/,
  )
  expect(all).not.toMatch(/acme|pa55/)
})

it('a proxy that accepts and never answers is not waited for', async () => {
  const silent = createListener(socket => void socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  setNetwork({ HTTPS_PROXY: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` })
  const limited = openBucket(location('silent'), { idleMs: 300, exchangeMs: 2000 })
  expect((await failureOf(limited.get('a'))).message).toMatch(
    /got no answer: .*Check (?:AWS_ENDPOINT_URL_S3 and the network \(HTTPS_PROXY, a firewall\)|the proxy \(HTTPS_PROXY, HTTP_PROXY\) and the network)/,
  )
  silent.close()
})

it('an address that is not a proxy is reported', async () => {
  setNetwork({ HTTPS_PROXY: 'socks5://acme:pa55word@127.0.0.1:1' })
  const { message, all } = await failureOf(openBucket(location('socks')).get('a'))
  expect(message).toMatch(/^\[mapseal\] \[http\] HTTPS_PROXY does not hold the URL of an HTTP proxy\./)
  expect(all).not.toMatch(/acme|pa55/)
})

describe('a proxy that is reached by https:, and a host of Amazon’s', () => {
  const host = 'maps.s3.eu-west-1.amazonaws.com'
  let amazon: FaultServer
  let amazonAuthority: PrivateCa
  let proxy: { port: number; requested: string[]; refuse(times: number, status: number): void; close(): void }
  beforeAll(async () => {
    delete process.env.AWS_ENDPOINT_URL_S3
    amazonAuthority = await privateCa(`DNS:${host}`)
    amazon = await faultServer(amazonAuthority)
    amazon.on('GET', '/a', () => ({ body: 'sealed' }))
    proxy = await tlsProxy(authority, () => amazon.port)
  })
  afterAll(async () => {
    Object.assign(process.env, bucket.store.env)
    proxy?.close()
    await amazon?.close()
    await amazonAuthority?.[Symbol.asyncDispose]()
  })
  const amazonUrl = 's3://maps?region=eu-west-1'
  const env = () => ({ HTTPS_PROXY: `https://127.0.0.1:${proxy.port}` })

  it('are both verified, each by its own name', async () => {
    setNetwork(env())
    const ca = [authority.ca, amazonAuthority.ca]
    expect(`${await openBucket(amazonUrl, { ca }).get('a')}`).toBe('sealed')
    expect(proxy.requested.splice(0)).toEqual([`${host}:443`])
    const { message } = await failureOf(openBucket(amazonUrl, { ca: amazonAuthority.ca }).get('a'))
    expect(message).toMatch(
      /the proxy 127\.0\.0\.1:\d+ could not be reached: (?:UNABLE_TO|SELF_SIGNED)\w+: .*\. If a private authority/,
    )
    expect((await failureOf(openBucket(amazonUrl, { ca: authority.ca }).get('a'))).message).toMatch(
      /got no answer: (?:UNABLE_TO|SELF_SIGNED)\w+: .*\. If a private authority/,
    )
  })

  it('are tried again if the proxy fails', async () => {
    setNetwork(env())
    proxy.requested.splice(0)
    proxy.refuse(2, 503)
    const ca = [authority.ca, amazonAuthority.ca]
    expect(`${await openBucket(amazonUrl, { ca }).get('a')}`).toBe('sealed')
    expect(proxy.requested).toHaveLength(3)
  })

  it('are reached by a process that has NODE_EXTRA_CA_CERTS, which ends by itself', { timeout: 120_000 }, async () => {
    const both = join(dir, 'both.pem')
    await writeFile(both, `${authority.ca}${amazonAuthority.ca}`)
    const code = `
      import { openBucket } from '@mapseal/core'
      console.log(String(await openBucket('${amazonUrl}').get('a')))`
    const args = ['-C', 'mapseal-source', '--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', code]
    const ran = await runNode(args, {
      cwd: import.meta.dirname,
      env: { ...env(), NODE_EXTRA_CA_CERTS: both },
    })
    expect([ran.code, ran.stdout], ran.stderr).toEqual([0, 'sealed\n'])
  })
})

/** Takes every host for the one listener: names are the proxy's to resolve. */
async function tlsProxy({ key, cert }: PrivateCa, port: () => number) {
  const requested: string[] = []
  const refusals: number[] = []
  const server = createServer({ key, cert }).on('connect', ({ url = '' }, client) => {
    requested.push(url)
    client.on('error', () => undefined)
    const status = refusals.shift()
    if (status !== undefined) return void client.end(`HTTP/1.1 ${status} At a loss\r\n\r\n`)
    const target = connect(port(), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connected\r\n\r\n')
      target.pipe(client).pipe(target)
    }).on('error', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requested,
    refuse: (times: number, status: number) => void refusals.push(...Array<number>(times).fill(status)),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
