import type { ParsedFrame } from './stack.ts'
import { parseLocation } from './stack.ts'

const BARE_URL = /^[a-z][a-z\d+.-]*:\/\/\S+:\d+:\d+$/
const WITH_FUNCTION = /^(.*?)@(\[native code\]|(?:blob:)?[a-z][a-z\d+.-]*:\/.*|[A-Z]:\\.*|\/.*|\[wasm code\])$/

/**
 * `function@url:line:column` of Firefox and Safari. Firefox prefixes what resumed a function (`async*`,
 * `setTimeout handler*`) and marks nested ones (`pay/<`); Safari names `global code`, and prints bare URLs.
 */
export function parseMozilla(line: string): ParsedFrame {
  if (BARE_URL.test(line)) return frameAt(line, '')
  const match = WITH_FUNCTION.exec(line)
  if (!match) return
  const [, label = '', location = ''] = match
  if (location.startsWith('[')) return 'native'
  return frameAt(location, label)
}

function frameAt(text: string, label: string): ParsedFrame {
  const name = functionName(label)
  const frame = { ...(name && { function: name }), isAsync: label.includes('*') }
  const evaluated = / line (\d+) > (?:eval|Function|scriptElement|injectedScript)/.exec(text)
  if (evaluated) return { ...frame, url: text.slice(0, evaluated.index), line: Number(evaluated[1]) }
  if (text.includes(':wasm-function[') || text.startsWith('wasm:')) return 'native'
  const location = parseLocation(text)
  return location && { ...frame, ...location }
}

function functionName(label: string): string | undefined {
  const name = label
    .slice(label.lastIndexOf('*') + 1)
    .replace(/[/<]+$/, '')
    .replace(/^.*\//, '')
  return /^(?:global|module|eval) code$/.test(name) ? undefined : name || undefined
}
