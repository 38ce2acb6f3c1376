import { type Rule, rules } from './rules.ts'

/** Where a secret stands in a map, in bytes. */
export interface Finding {
  /** What it is, for people. */
  name: string
  start: number
  end: number
}

/** A value of the environment that is secret, as JSON has it. */
export interface SecretValue {
  /** The variable's name. */
  name: string
  value: string
}

/** The longest text that a rule looks at, in bytes. */
const longest = 16 * 1024

/** Finds what looks like a secret in a map's JSON, or in plain text, in the order of its place. */
export function findSecrets(map: Buffer, values: readonly SecretValue[], isJson = true): Finding[] {
  const findings = [
    ...rules.flatMap(rule => findByRule(map, rule)),
    ...values.flatMap(value => findValue(map, value, isJson)),
  ]
  return findings.sort((a, b) => a.start - b.start)
}

function findByRule(map: Buffer, { name, anchor, pattern }: Rule): Finding[] {
  const findings: Finding[] = []
  for (let at = map.indexOf(anchor, 0, 'latin1'); at !== -1; at = map.indexOf(anchor, at + anchor.length, 'latin1')) {
    const text = map.toString('latin1', at, Math.min(map.length, at + longest))
    pattern.lastIndex = 0
    const [found] = pattern.exec(text) ?? []
    if (found !== undefined) findings.push({ name, start: wordStart(map, at), end: at + found.length })
  }
  return findings
}

/** An anchor may stand inside of what it finds. */
function wordStart(map: Buffer, at: number): number {
  const before = map.toString('latin1', Math.max(0, at - 100), at)
  return at - (/[\w-]*$/.exec(before)?.[0].length ?? 0)
}

function findValue(map: Buffer, { name, value }: SecretValue, isJson: boolean): Finding[] {
  const bytes = Buffer.from(isJson ? JSON.stringify(value).slice(1, -1) : value)
  const findings: Finding[] = []
  for (let at = map.indexOf(bytes); at !== -1; at = map.indexOf(bytes, at + bytes.length))
    findings.push({ name: `the value of ${name}`, start: at, end: at + bytes.length })
  return findings
}
