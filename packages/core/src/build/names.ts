import { processState } from './process-state.ts'
import type { Session } from './session.ts'

/** Which file has which ID, and which instance each file. */
export function createNames(): Pick<Session, 'takeId' | 'hasId' | 'claim'> & { free(): void } {
  const { fileOwners } = processState()
  const idOwners = new Map<string, string>()
  const claimed: string[] = []
  return {
    takeId(debugId, file) {
      if (!idOwners.has(debugId)) idOwners.set(debugId, file)
      return idOwners.get(debugId) === file
    },
    hasId: debugId => idOwners.has(debugId),
    claim(file, owner) {
      if (!fileOwners.has(file)) {
        fileOwners.set(file, owner)
        claimed.push(file)
      }
      return fileOwners.get(file) === owner
    },
    free: () => claimed.splice(0).forEach(file => void fileOwners.delete(file)),
  }
}
