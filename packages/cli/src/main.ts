import { didYouMean, MapsealError, version } from '@mapseal/core'
import { parseArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { check } from './commands/check.ts'
import { deploy } from './commands/deploy.ts'
import { flush } from './commands/flush.ts'
import { init } from './commands/init.ts'
import { isReleaseWork, release } from './commands/release.ts'
import { releases } from './commands/releases.ts'
import { run as runCommand } from './commands/run.ts'
import { seal } from './commands/seal.ts'
import { serve } from './commands/serve.ts'
import { symbolicate } from './commands/symbolicate.ts'
import { vault } from './commands/vault.ts'
import { UsageError } from './errors.ts'
import { commandHelp, generalHelp } from './help.ts'
import type { Io } from './io.ts'
import { processIo } from './io.ts'

export const commands: readonly Command[] = [
  init,
  seal,
  runCommand,
  flush,
  deploy,
  release,
  check,
  symbolicate,
  releases,
  serve,
  vault,
]

/**
 * Runs one command.
 *
 * @param args without the names of the interpreter and the script
 * @returns the exit code: 0, 1 where something failed or was found, 2 for a command or option that does not exist
 */
export async function main(args: string[], io: Io = processIo()): Promise<number> {
  try {
    return await run(args, io)
  } catch (cause) {
    io.stderr.write(`${describe(cause)}\n`)
    return cause instanceof UsageError ? 2 : 1
  }
}

async function run([name, ...rest]: string[], io: Io): Promise<number> {
  if (name === '--version' || name === '-v') return print(`${version}\n`, io)
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    return print(generalHelp(commands), io)
  }
  if (name === 'help') return run([...rest.slice(0, 1), '--help'], io)

  // As sentry-cli calls it; without such a word it is our own command.
  if (name === 'releases' && isReleaseWork(rest)) return run([release.name, ...rest], io)
  const command = commands.find(command => command.name === name)
  if (!command) {
    const hint = didYouMean(
      name,
      commands.map(command => command.name),
    )
    throw new UsageError(
      `There is no ${name.startsWith('-') ? 'option' : 'command'} "${name}".${hint} Try "mapseal --help".`,
    )
  }
  const input = parseArguments(command, rest)
  return input === 'help' ? print(commandHelp(command), io) : command.run(input, io)
}

function print(text: string, { stdout }: Io): number {
  stdout.write(text)
  return 0
}

/** Our own errors say what to do; for any other, the stack helps. */
function describe(cause: unknown): string {
  if (cause instanceof MapsealError) return cause.message
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
