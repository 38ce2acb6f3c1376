import { isData } from '../inject/exported-literal.ts'

const COMMENTS = /\/\*[\s\S]*?\*\/|(?:^|(?<=[\s;}]))\/\/[^\n]*/g
const LINKING =
  /\b(?:import|export)\b\s*(?:(?:[\w$*,\s]|\{[^}]*\})*\bfrom\s*)?(?:"[^"]*"|'[^']*')\s*(?:with\s*\{[^}]*\})?/g
const NOTHING = /^(?:\s|;|["']use [a-z]+["']|export\s*\{\s*\})*$/

/** Files of only imports, re-exports, directives and comments are short; the expressions above never see a longer one. */
const LONGEST = 64 * 1024

/** Whether a script runs anything itself, and so can appear in a stack. */
export function hasOwnCode(body: string): boolean {
  if (isData(body)) return false
  return body.length > LONGEST || !NOTHING.test(body.replace(/^#!.*/, '').replace(COMMENTS, '').replace(LINKING, ''))
}
