import { parseArgs } from 'node:util'
import { didYouMean } from '@mapseal/core'
import type { Command, CommandInput } from './command.ts'
import { UsageError } from './errors.ts'

/**
 * What a command was called with, or `'help'`. By Node's own parser, not citty's `runMain`: that takes unknown options in silence,
 * keeps only the last of a repeated one, and prints and exits by itself, where `mapseal` has exit codes and suggestions of its own.
 *
 * @throws UsageError
 */
export function parseArguments(command: Command, args: string[]): CommandInput | 'help' {
  const names = [...Object.keys(command.options), 'json', 'help']
  const { tokens } = parseArgs({
    args,
    options: optionTypes(command),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const input: CommandInput = { operand: undefined, operands: [], isJson: false, flags: new Set(), values: {} }
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (!command.operand || (input.operand !== undefined && !command.operand.isMany))
        throw usage(command, `Unexpected argument "${token.value}".`)
      input.operand ??= token.value
      input.operands.push(token.value)
    }
    if (token.kind !== 'option') continue
    if (!names.includes(token.name)) {
      throw usage(
        command,
        `There is no option ${token.rawName}.${didYouMean(
          token.rawName,
          names.map(name => `--${name}`),
        )}`,
      )
    }
    if (token.name === 'help') return 'help'
    if (token.name === 'json') input.isJson = true
    else if (command.options[token.name]?.value === undefined) input.flags.add(flagOf(command, token))
    else input.values[token.name] = [...(input.values[token.name] ?? []), textOf(command, token)]
  }
  if (command.operand?.isRequired && input.operand === undefined)
    throw usage(command, `<${command.operand.name}> is missing.`)
  return input
}

function optionTypes(command: Command): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  const types = Object.entries(command.options).map(([name, { value, short }]) => [
    name,
    { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short && { short }) },
  ])
  return { ...Object.fromEntries(types), json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }
}

function flagOf(command: Command, { name, value }: { name: string; value?: string }): string {
  if (value !== undefined) throw usage(command, `--${name} takes no value.`)
  return name
}

function textOf(command: Command, token: { name: string; value?: string; inlineValue?: boolean }): string {
  // A negative number is a value: the option itself rejects it with a better message.
  const isNextOption = !token.inlineValue && /^-(?!\d+$)/.test(token.value ?? '')
  if (token.value && !isNextOption) return token.value
  throw usage(command, `--${token.name} needs a value: --${token.name} ${command.options[token.name]?.value}.`)
}

export function usage(command: Command, message: string): UsageError {
  return new UsageError(`${message} Try "mapseal ${command.name} --help".`)
}
