import { BlockList, isIP, isIPv6 } from 'node:net'
import { HttpError } from '../errors.ts'
import { credentialsOf } from './credentials.ts'
import { isLoopback } from './loopback.ts'

/**
 * The proxy for a URL, by `http_proxy`, `https_proxy` and `no_proxy`, lower case first, as curl reads them.
 * Loopback never goes through a proxy: it would reach its own.
 * @throws HttpError when the variable does not hold a proxy's URL
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const value = read(env, name)
  if (!value || isLoopback(url) || isExcepted(url, read(env, 'NO_PROXY'))) return undefined
  const proxy = parse(value)
  if (proxy) return proxy
  throw new HttpError(
    `${name} does not hold the URL of an HTTP proxy. Set it to one such as http://proxy.example:3128.`,
  )
}

/** The same for many requests: the environment is read once for each origin. */
export function proxiesOf(env: NodeJS.ProcessEnv): (url: URL) => URL | undefined {
  const known = new Map<string, URL | undefined>()
  return url => {
    const { origin } = url
    if (!known.has(origin)) known.set(origin, proxyFor(url, env))
    return known.get(origin)
  }
}

/** The credentials of the proxies that the environment names. */
export function proxySecrets(env: NodeJS.ProcessEnv): string[] {
  const proxies = ['HTTPS_PROXY', 'HTTP_PROXY'].map(name => parse(read(env, name)))
  return proxies.flatMap(proxy => (proxy ? credentialsOf(proxy) : []))
}

function parse(value: string): URL | undefined {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`
  const proxy = URL.canParse(address) ? new URL(address) : undefined
  return proxy?.protocol === 'http:' || proxy?.protocol === 'https:' ? proxy : undefined
}

function read(env: NodeJS.ProcessEnv, name: string): string {
  return env[name.toLowerCase()]?.trim() || env[name]?.trim() || ''
}

/** `*`, hosts with their subdomains (`example.com`, `.example.com`, `*.example.com`), addresses, `10.0.0.0/8`, each with `:port`. */
function isExcepted(url: URL, exceptions: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some(exception => {
      const [, name = exception, only] = /^(\[[^\]]*\]|[^:]+)(?::(\d+))?$/.exec(exception) ?? []
      return (!only || only === port) && matches(host, name.replace(/^\[|\]$/g, ''))
    })
}

function matches(host: string, name: string): boolean {
  if (name === '*') return true
  if (name.includes('/')) return isInNetwork(host, name)
  const suffix = name.replace(/^\*?\./, '')
  return host === suffix || (!isIP(host) && host.endsWith(`.${suffix}`))
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  const isNetwork = isIP(address) && /^\d+$/.test(bits) && Number(bits) <= (family === 'ipv6' ? 128 : 32)
  if (!isNetwork || !isIP(host)) return false
  const list = new BlockList()
  list.addSubnet(address, Number(bits), family)
  return list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}
