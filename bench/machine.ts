import { availableParallelism, cpus, release, totalmem, type } from 'node:os'

export interface Machine {
  cores: number
  processor: string
  memoryBytes: number
  system: string
  node: string
}

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    system: `${type()} ${release().replace(/[-+].*/, '')}`,
    node: process.versions.node,
  }
}
