import type { Command } from './command.ts'
import { alignColumns } from './table.ts'

export function generalHelp(commands: readonly Command[]): string {
  return [
    'Usage: mapseal <command> [options]',
    '',
    ...alignColumns(commands.map(command => [`  ${usageOf(command)}`, command.summary])),
    '',
    'Every command takes --json and --help. Build options are read from mapseal.config.{ts,js,mjs}.',
    '',
  ].join('\n')
}

export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(([name, { value, short, description }]) => [
    `  ${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    description,
  ])
  return [
    command.operand?.isForeign
      ? `Usage: mapseal ${command.name} [options] ${usageOf(command).slice(command.name.length + 1)}`
      : `Usage: mapseal ${usageOf(command)} [options]`,
    '',
    command.summary,
    '',
    ...alignColumns([...options, ['  --json', 'print the result as JSON'], ['  -h, --help', 'print this text']]),
    '',
    'Example:',
    ...command.examples.map(line => `  ${line}`),
    '',
  ].join('\n')
}

function usageOf({ name, operand }: Command): string {
  if (!operand) return name
  if (!operand.isRequired) return `${name} [${operand.name}]`
  return `${name} ${operand.isForeign ? '-- ' : ''}<${operand.name}${operand.isMany ? '…' : ''}>`
}
