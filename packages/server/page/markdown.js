import { sourceName } from './format.js'

/** An event for an issue tracker: what was thrown, and its stack as it is read. */
export function eventMarkdown({ exceptions, release, environment, receivedAt }) {
  const facts = [release && `release ${release}`, environment, receivedAt].filter(Boolean).join(' · ')
  const stacks = exceptions.map(
    ({ type, value, frames }, index) =>
      `${index > 0 ? 'Caused by: ' : ''}${type}${value ? `: ${value}` : ''}\n${frames.map(readFrame).join('\n')}`,
  )
  const [thrown] = exceptions
  return `**${plain(`${thrown?.type ?? 'Error'}: ${thrown?.value ?? ''}`)}**\n\n${plain(facts)}\n\n${fence(stacks.join('\n'))}\n`
}

/** The stack as it came. */
export function rawStack({ exceptions }) {
  return exceptions
    .map(({ type, value, frames }, index) =>
      [`${index > 0 ? 'Caused by: ' : ''}${type}: ${value}`, ...frames.map(rawFrame)].join('\n'),
    )
    .join('\n')
}

function readFrame({ original, generated }) {
  if (!original) return rawFrame({ generated })
  const place = `${sourceName(original.source)}:${original.line}:${original.column + 1}`
  return original.function ? `    at ${original.function} (${place})` : `    at ${place}`
}

function rawFrame({ generated: { file = '<anonymous>', line, column, function: name } }) {
  const place = [file, line, column === undefined ? undefined : column + 1].filter(part => part !== undefined).join(':')
  return name ? `    at ${name} (${place})` : `    at ${place}`
}

/** Longer than any run of backticks in the text. */
function fence(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}text\n${text}\n${marks}`
}

function plain(text) {
  return text.replace(/[\\`*_<>[\]#|]/g, '\\$&').replace(/\s+/g, ' ')
}
