import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { MapsealError, reason } from '@mapseal/core'
import type { Io } from './io.ts'

/**
 * Runs a build command with this process's own streams.
 *
 * @param words one that has spaces is a line for the shell
 * @param isApart whether stdout is for something else, so that the command's own goes to stderr
 * @returns the exit code; that of a shell where a signal ended it
 * @throws MapsealError if it cannot be started
 */
export async function runBuild(words: string[], { cwd, env }: Io, isApart: boolean): Promise<number> {
  const [program = '', ...args] = words
  const isLine = words.length === 1 && /\s/.test(program)
  // On Windows `npm` and its like are scripts, which only a shell starts.
  const shell = isLine || process.platform === 'win32'
  const child = spawn(program, args, { cwd, env, shell, stdio: ['inherit', isApart ? 2 : 'inherit', 'inherit'] })
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, forward)
  try {
    return await new Promise((done, fail) => {
      child.once('error', fail)
      child.once('close', (code, signal) => done(code ?? 128 + (signal ? constants.signals[signal] : 0)))
    })
  } catch (cause) {
    throw new MapsealError('run', `${program} cannot be started: ${reason(cause)}`, { cause })
  } finally {
    for (const signal of signals) process.off(signal, forward)
  }
}
