import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { MapsealError } from '@mapseal/core'

/** Which address a request comes from. */
export interface ClientAddress {
  /**
   * The address that connected; if it is a trusted proxy's, the one that the proxy names, and so on. Clients can write
   * anything into `X-Forwarded-For`, but only to the left of what a trusted proxy adds.
   */
  of(incoming: Pick<IncomingMessage, 'headers' | 'socket'>): string
  isTrusted(address: string): boolean
}

/** @param proxies addresses and networks: `10.0.0.0/8`. @throws MapsealError for anything else */
export function createClientAddress(proxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const proxy of proxies) add(trusted, proxy)
  const isTrusted = (address: string) => isIP(address) > 0 && trusted.check(address, family(address))

  return {
    isTrusted,
    of({ headers, socket }) {
      let address = socket.remoteAddress ?? ''
      const hops = String(headers['x-forwarded-for'] ?? '').split(',')
      while (isTrusted(address)) {
        const hop = bare(hops.pop() ?? '')
        if (isIP(hop) === 0) break
        address = hop
      }
      return address
    },
  }
}

function add(list: BlockList, proxy: string): void {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(proxy) ?? []
  const most = isIP(address) === 6 ? 128 : 32
  if (isIP(address) === 0 || Number(bits ?? 0) > most) {
    throw new MapsealError(
      'server',
      `"${proxy}" is not the address or network of a proxy. Write it as 10.0.0.7 or 10.0.0.0/8.`,
    )
  }
  if (bits === undefined) list.addAddress(address, family(address))
  else list.addSubnet(address, Number(bits), family(address))
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** Some proxies add the port: `10.0.0.7:4711`, `[::1]:4711`. */
function bare(hop: string): string {
  const text = hop.trim()
  return /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
}
