import type { Steps } from './scan.ts'
import { find, parseLocation } from './scan.ts'
import { createFrame, type Location, type ParsedFrame } from './stack-frame.ts'

/** Places of the engine's own, of `node:` and its kin, and of WebAssembly. Anchored: each character is looked at once. */
const WITHOUT_CODE =
  /^(?:native|<anonymous>|unknown location|InternalBytecode\.js|index \d{1,10}|(?:node|wasm|internal|ext):.*)$/s
/** Names of anonymous functions in V8, Edge before it, and Hermes. */
const ANONYMOUS = new Set(['<anonymous>', 'Object.<anonymous>', 'Anonymous function', 'anonymous'])
/** How Hermes names a place in bytecode. */
const BYTECODE = 'address at '
/** WebAssembly in Chromium's short form, such as `185b031e:0x2904`. */
const WASM_OFFSET = /^[\w-]{1,100}(?:\[\d{1,10}\])?:0x[\da-f]{1,16}$/

/**
 * `at [async ][function ](location)` or `at [async ]location`, of V8 (Chromium, Node, Deno), Bun and Hermes.
 * `util.inspect` ends a stack's last line with ` {` where properties follow, and with `,` inside a list.
 */
export function parseV8(line: string, steps: Steps): ParsedFrame {
  if (!line.startsWith('at ')) return
  const bare = line.endsWith(' {') ? line.slice(0, -2) : line.endsWith(',') ? line.slice(0, -1) : line
  const isAsync = bare.startsWith('async ', 3)
  const body = bare.slice(isAsync ? 9 : 3)
  const spaced = body.endsWith(')') ? find(body, ' (', 0, steps) : -1
  // V8 in React Native leaves out the space.
  const open = spaced < 0 && body.endsWith(')') ? find(body, '(', 0, steps) : spaced
  if (open < 0) return frameAt(body, undefined, isAsync, steps)
  const place = body.slice(open + (spaced < 0 ? 1 : 2), -1)
  return frameAt(place, functionName(body.slice(0, open), steps), isAsync, steps)
}

function frameAt(text: string, name: string | undefined, isAsync: boolean, steps: Steps): ParsedFrame {
  const isBytecode = text.startsWith(BYTECODE)
  const place = evalOrigin(isBytecode ? text.slice(BYTECODE.length) : text, steps)
  const location = parseLocation(place, steps) ?? withoutColumn(place, steps)
  // An offset into bytecode counts from 0: `virtualOffset0Based` of React Native's parseHermesStack.js.
  if (isBytecode && location?.column !== undefined) location.column += 1
  if (location && !WITHOUT_CODE.test(location.url)) return createFrame(name, isAsync, location)
  const isNative = location || WITHOUT_CODE.test(text) || WASM_OFFSET.test(text)
  return isNative || find(text, 'wasm-function[', 0, steps) >= 0 ? 'native' : undefined
}

/** `app.js:12`, as some loggers shorten it. Only for a script: `https://localhost:4700` has no line. */
function withoutColumn(text: string, steps: Steps): Location | undefined {
  const location = parseLocation(text, steps, true)
  return location && /\.(?:[cm]?jsx?|bundle|html?)(?:[?#]|$)/i.test(location.url.slice(-LONGEST_NAME))
    ? location
    : undefined
}

const LONGEST_NAME = 500

/** Code inside an `eval` has no file; where it was called has: `eval at f (eval at g (url:1:2)), <anonymous>:3:4`. */
function evalOrigin(text: string, steps: Steps): string {
  let at = 0
  while (text.startsWith('eval at ', at)) {
    const open = find(text, ' (', at, steps)
    if (open < 0) return text
    at = open + 2
  }
  if (at === 0) return text
  const behind = find(text, '), <anonymous>:', at, steps)
  let end = behind < 0 ? text.length : behind
  while (end > at && text[end - 1] === ')') end--
  steps.count += text.length - end
  return text.slice(at, end)
}

/** Without the property it was called by: `Shop.pay [as checkout]`. */
function functionName(text: string, steps: Steps): string | undefined {
  const alias = text.endsWith(']') ? find(text, ' [as ', 0, steps) : -1
  const name = alias < 0 ? text : text.slice(0, alias)
  return ANONYMOUS.has(name) ? undefined : name
}
