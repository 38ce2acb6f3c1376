import type { ParsedFrame } from './stack.ts'
import { parseLocation } from './stack.ts'

const WITHOUT_CODE =
  /^(?:native|<anonymous>|unknown location|index \d+|(?:node|wasm|internal):.*|.*:wasm-function\[.*)$/

/**
 * `at [async ][function ](location)` or `at [async ]location`. `util.inspect` ends a stack's last line with ` {` where
 * properties follow, and with `,` inside a list.
 */
export function parseV8(line: string): ParsedFrame {
  const match = /^at (async )?(.+?)(?: \{|,)?$/.exec(line)
  if (!match) return
  const [, async, body = ''] = match
  const isAsync = async !== undefined
  const open = body.endsWith(')') ? body.indexOf(' (') : -1
  if (open < 0) return frameAt(body, undefined, isAsync)
  return frameAt(body.slice(open + 2, -1), functionName(body.slice(0, open)), isAsync)
}

function frameAt(text: string, name: string | undefined, isAsync: boolean): ParsedFrame {
  const location = parseLocation(evalOrigin(text.replace(/^address at /, '')))
  if (location && !WITHOUT_CODE.test(location.url)) return { ...(name && { function: name }), isAsync, ...location }
  return location || WITHOUT_CODE.test(text) ? 'native' : undefined
}

/** Code inside an `eval` has no file; where it was called has: `eval at f (eval at g (url:1:2)), <anonymous>:3:4`. */
function evalOrigin(text: string): string {
  const [, origin] = /^eval at .*\(([^()]+(?:\([^()]*\)[^()]*)*:\d+:\d+)\)+(?:, <anonymous>:\d+:\d+)?$/.exec(text) ?? []
  return origin ?? text
}

/** Without the property it was called by: `Shop.pay [as checkout]`. */
function functionName(text: string): string | undefined {
  const name = text.replace(/ \[as .*\]$/, '')
  return name === '<anonymous>' || name === 'Object.<anonymous>' ? undefined : name
}
