import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'

const FIRST = 10_000
const LAST = 32_767
const TRIES = 100

/**
 * Ports of loopback that were free just now, for programs that do not say which one they took. They are below those that
 * the system hands out: there, another program's server or connection would often take one before it is used.
 *
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const last = Math.min(LAST, (await firstEphemeral()) - 1)
  const ports = new Set()
  for (let tries = 0; ports.size < count; tries++) {
    if (tries === TRIES * count) throw new Error(`No ${count} free ports from ${FIRST} to ${last}`)
    const port = FIRST + Math.floor(Math.random() * (last - FIRST + 1))
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

/** Linux names the range; elsewhere it begins where IANA's does, or above. */
async function firstEphemeral() {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '')
  const first = Number.parseInt(range, 10)
  // A system that hands out nearly all ports leaves no place below.
  return first > FIRST + 1_000 ? first : LAST + 1
}

async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
