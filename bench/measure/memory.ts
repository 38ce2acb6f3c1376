import { readdirSync, readFileSync } from 'node:fs'

const EVERY_MS = 25
/** Looking for new processes costs more than reading those that are known. */
const SEARCH_EVERY = 4
const PAGE_BYTES = 4096

/** Watches the resident memory of all processes of a session but its leader, from outside. */
export interface MemoryWatch {
  /** The largest sum seen, in bytes. */
  stop(): number
}

export function watchMemory(leader: number): MemoryWatch {
  let members: string[] = []
  let peak = 0
  let turn = 0
  const timer = setInterval(() => {
    if (turn++ % SEARCH_EVERY === 0) members = membersOf(leader)
    const sum = members.reduce((bytes, id) => bytes + residentBytes(id), 0)
    peak = Math.max(peak, sum)
  }, EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      return peak
    },
  }
}

function membersOf(leader: number): string[] {
  return readdirSync('/proc').filter(name => {
    if (!/^\d+$/.test(name) || name === `${leader}`) return false
    const text = readProc(name, 'stat')
    const [, , , session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return session === `${leader}`
  })
}

function residentBytes(id: string): number {
  return Number(readProc(id, 'statm').split(' ')[1] ?? 0) * PAGE_BYTES
}

/** Empty if the process has ended. */
function readProc(id: string, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
