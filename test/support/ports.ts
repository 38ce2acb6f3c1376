import { connect } from 'node:net'
import { freePorts } from '../../scripts/free-ports.mjs'

/** A port of loopback that was free just now, for a program that does not say which one it took. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  return port as number
}

export function answers(port: number): Promise<boolean> {
  return new Promise(done => {
    const socket = connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false))
    socket.on('connect', () => socket.destroy())
  })
}
