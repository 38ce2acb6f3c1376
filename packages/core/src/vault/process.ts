import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import type { BuildRecord } from '../types.ts'

/** This process, as `openedBy` of a build record names it. */
export function processName(): string {
  return `${process.pid}.${hostname()}`
}

/** Whether a process that has a part of a build open runs on this machine; false where that is unknown. */
export function isOpenerRunning(build: Pick<BuildRecord, 'openedBy'>): boolean {
  return openersOf(build).some(name => {
    const [pid = '', ...host] = name.split('.')
    return host.join('.') === hostname() && isRunning(Number(pid))
  })
}

/** The processes that have not ended their part. */
export function openersOf({ openedBy }: Pick<BuildRecord, 'openedBy'>): string[] {
  return openedBy ? openedBy.split(' ') : []
}

export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Names where a process ID means the same process as it does here. A host name does not: containers that share a folder
 * may have equal ones, and each counts its processes from 1. On Linux it is the boot and the PID namespace; elsewhere
 * there are no such namespaces, so the network cards tell machines apart.
 */
export function processSpace(): string {
  const parts = process.platform === 'linux' ? linuxSpace() : [hostname(), ...hardwareAddresses()]
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16)
}

/** Where `/proc` hides them, a text that no other process has: then age alone decides. */
function linuxSpace(): string[] {
  try {
    return [readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), readlinkSync('/proc/self/ns/pid')]
  } catch {
    return [hostname(), String(process.pid), String(performance.timeOrigin)]
  }
}

function hardwareAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap(cards => (cards ?? []).map(({ mac }) => mac))
  return [...new Set(addresses)].sort()
}
