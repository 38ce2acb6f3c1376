import type { Steps } from './scan.ts'
import { find, isDigit, isPlaceAt, parseLocation } from './scan.ts'
import { createFrame, type Location, type ParsedFrame } from './stack-frame.ts'

/**
 * `function@url:line:column` of Firefox, Safari and React Native on JavaScriptCore. Firefox prefixes what resumed a function
 * (`async*`, `setTimeout handler*`) and marks nested ones (`pay/<`); Safari names `global code`, and prints bare URLs.
 */
export function parseMozilla(line: string, steps: Steps): ParsedFrame {
  if (line === '[native code]' || line === 'eval code') return 'native'
  if (isBare(line, steps)) return frameAt(line, '', steps)
  const at = placeAfterLabel(line, steps)
  if (at < 0) return
  const place = line.slice(at)
  if (place === '[native code]' || place === '[wasm code]') return 'native'
  return frameAt(place, line.slice(0, at - 1), steps)
}

/** A URL, or the name of a bundle, without a function. */
function isBare(line: string, steps: Steps): boolean {
  if (find(line, ' ', 0, steps) >= 0) return false
  const location = parseLocation(line, steps)
  if (!location) return false
  return find(line, '://', 0, steps) > 0
    ? isPlaceAt(line, 0, steps)
    : /^[\w.-]{1,200}\.(?:bundle|m?js)$/.test(location.url)
}

/** After the first `@` that a place follows; where none does, the first of a line without spaces. */
function placeAfterLabel(line: string, steps: Steps): number {
  const first = find(line, '@', 0, steps)
  for (let at = first; at >= 0; at = find(line, '@', at + 1, steps)) {
    if (line.startsWith('[native code]', at + 1) || line.startsWith('[wasm code]', at + 1)) return at + 1
    if (isPlaceAt(line, at + 1, steps)) return at + 1
  }
  return first >= 0 && find(line, ' ', 0, steps) < 0 ? first + 1 : -1
}

function frameAt(text: string, label: string, steps: Steps): ParsedFrame {
  const name = functionName(label)
  steps.count += label.length
  const isAsync = label.includes('*') || label.startsWith('async ')
  const evaluated = evalOrigin(text, steps)
  if (evaluated) return createFrame(name, isAsync, evaluated)
  if (text.startsWith('wasm:') || find(text, ':wasm-function[', 0, steps) >= 0) return 'native'
  const location = parseLocation(text, steps, isPlaceAt(text, 0, steps))
  return location && createFrame(name, isAsync, location)
}

/** `url line 26 > eval line 2 > eval:1:30`: the line is the call's, and its column is not given. */
function evalOrigin(text: string, steps: Steps): Location | undefined {
  for (let at = find(text, ' line ', 0, steps); at >= 0; at = find(text, ' line ', at + 1, steps)) {
    const start = at + ' line '.length
    let end = start
    while (end - start < 10 && isDigit(text.charCodeAt(end))) end++
    steps.count += end - start
    if (end > start && text.startsWith(' > ', end))
      return { url: text.slice(0, at), line: Number(text.slice(start, end)) }
  }
}

const CODE = new Set(['global code', 'module code', 'eval code', '(null)', '()'])

function functionName(label: string): string | undefined {
  if (CODE.has(label)) return
  const resumed = label.slice(label.lastIndexOf('*') + 1)
  const plain = resumed.startsWith('async ') ? resumed.slice(6) : resumed
  let end = plain.length
  while (end > 0 && (plain[end - 1] === '/' || plain[end - 1] === '<')) end--
  const nested = plain.slice(0, end)
  const name = nested.slice(nested.lastIndexOf('/') + 1)
  return CODE.has(name) ? undefined : name || undefined
}
