import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runNode } from '../../../test/support/command.ts'
import { type FaultServer, faultServer, type PrivateCa, privateCa } from '../../../test/support/fault-server.ts'
import { createFetch, type FetchOptions } from '../src/http/index.ts'

/** A TLS server whose certificate a private authority signed. */

let authority: PrivateCa
let server: FaultServer
beforeAll(async () => {
  authority = await privateCa()
  server = await faultServer(authority)
  server.on('GET', '/ok', () => ({ body: 'sealed' }))
})
afterAll(async () => {
  await server?.close()
  await authority?.[Symbol.asyncDispose]()
})

async function get(options: Partial<FetchOptions>, url = server.url): Promise<string> {
  const { fetch, close } = createFetch({
    signal: new AbortController().signal,
    userAgent: 'test',
    env: {},
    timeouts: { backoff: 5 },
    ...options,
  })
  try {
    return (await fetch(`${url}/ok`)).text
  } catch (error) {
    return (error as Error).message
  } finally {
    await close()
  }
}

it('is not trusted: one attempt, and an error with advice', async () => {
  expect(await get({})).toMatch(
    /\/ok could not be reached: TLS failed \((?:UNABLE_TO_\w+|SELF_SIGNED_\w+)\)\. If a private authority signed it, name its certificate by NODE_EXTRA_CA_CERTS \(a file\) or `ca` \(PEM\)\./,
  )
})

it('is trusted by `ca`, in one text or several', async () => {
  expect(await get({ ca: authority.ca })).toBe('sealed')
  const other = await privateCa()
  expect(await get({ ca: [other.ca, authority.ca] })).toBe('sealed')
  expect(await get({ ca: other.ca })).toContain('TLS failed')
  await other[Symbol.asyncDispose]()
})

it('is trusted by NODE_EXTRA_CA_CERTS of the given environment, alone and beside `ca`', async () => {
  const other = await privateCa()
  const env = { NODE_EXTRA_CA_CERTS: authority.caFile }
  expect(await get({ env })).toBe('sealed')
  expect(await get({ env, ca: other.ca })).toBe('sealed')
  expect(await get({ env: { NODE_EXTRA_CA_CERTS: '/nowhere' } })).toContain('TLS failed')
  await other[Symbol.asyncDispose]()
})

it('is trusted by NODE_EXTRA_CA_CERTS as Node reads it at its start', async () => {
  const code = `
    import { createFetch } from '@mapseal/core/http'
    const { fetch, close } = createFetch({ signal: new AbortController().signal, userAgent: 'test', env: {} })
    console.log((await fetch('${server.url}/ok')).text)
    await close()`
  const tsx = createRequire(import.meta.url).resolve('tsx')
  const args = ['-C', 'mapseal-source', '--import', tsx, '--input-type=module', '--eval', code]
  const env = { NODE_EXTRA_CA_CERTS: authority.caFile }
  expect(await runNode(args, { cwd: import.meta.dirname, env })).toEqual({ code: 0, stdout: 'sealed\n', stderr: '' })
})

it('is refused under another name', async () => {
  const url = server.url.replace('127.0.0.1', '127.0.0.2')
  const listening = await get({ ca: authority.ca }, url)
  // Where 127.0.0.2 is an address of this machine but nothing listens on it, the name is never seen.
  expect(listening).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID\)\. The certificate is for another host|ECONNREFUSED/)
})

it('is not taken for a server of plain http', async () => {
  const plain = await faultServer()
  expect(await get({}, plain.url.replace('http:', 'https:'))).toMatch(
    /TLS failed \((?:EPROTO|ERR_SSL_WRONG_VERSION_NUMBER): wrong version number\)\. Check that the server speaks https: on this port\./,
  )
  await plain.close()
})

it('reports a `ca` that is not a certificate', async () => {
  const options = { signal: new AbortController().signal, userAgent: 'test', env: {} }
  expect(() => createFetch({ ...options, ca: 'certs/ca.pem' })).toThrow('`ca` does not hold a PEM certificate.')
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
  expect(() => createFetch({ ...options, ca: broken })).toThrow('The certificates of `ca` cannot be read')
})
