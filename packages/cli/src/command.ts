import type { Io } from './io.ts'

/** An option; every command also has `--json` and `--help`. */
export interface CommandOption {
  /** As help prints it: `NAME` in `--release NAME`. Absent where the option takes none. */
  value?: string
  /** One letter: `e` for `-e`. */
  short?: string
  description: string
}

export interface Command {
  name: string
  /** One line. */
  summary: string
  /** With `isMany` more may follow it; the command itself reads them. `isForeign`: another program's words, after `--`. */
  operand?: { name: string; isRequired: boolean; isMany?: boolean; isForeign?: boolean }
  options: Record<string, CommandOption>
  /** Lines of a shell, for help and the docs. */
  examples: string[]
  /** @returns the exit code */
  run(input: CommandInput, io: Io): Promise<number>
}

export interface CommandInput {
  /** The first of them. */
  operand: string | undefined
  operands: string[]
  isJson: boolean
  /** Options without a value that were given. */
  flags: Set<string>
  /** In the order given; an option that was not given is absent. */
  values: Record<string, string[]>
}
