import { processState } from './process-state.ts'

/** Has a function called if the process exits before it is withdrawn. However many there are, one listener calls them. */
export function onProcessExit(tell: () => void): void {
  const { exitListeners } = processState()
  if (exitListeners.size === 0) process.once('exit', tellAll)
  exitListeners.add(tell)
}

export function withdrawFromExit(tell: () => void): void {
  const { exitListeners } = processState()
  exitListeners.delete(tell)
  if (exitListeners.size === 0) process.off('exit', tellAll)
}

function tellAll(): void {
  for (const tell of processState().exitListeners) tell()
}
