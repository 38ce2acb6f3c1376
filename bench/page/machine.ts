import type { Machine, Versions } from '../machine.ts'

export function describeMachine({ cores, processor, memoryBytes, system, node }: Machine): string {
  return `${processor}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GB, ${system}, Node ${node}`
}

export function describeVersions(versions: Versions): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}
