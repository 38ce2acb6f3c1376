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
  const findings = [...findByRules(map), ...values.flatMap(value => findValue(map, value, isJson))]
  return findings.sort((a, b) => a.start - b.start)
}

/** A rule, and how far into its anchor a pair of bytes stands. */
interface Lead {
  rule: Rule
  offset: number
}

/**
 * Rules by two pairs of bytes of their anchors, one at an even and one at an odd place: wherever the anchor is, one of them is
 * seen by a look at every other byte, which costs a twentieth of a search for each anchor.
 */
const leadsByPair: (Lead[] | undefined)[] = []
const isLead = new Uint8Array(2 ** 16)
for (const rule of rules)
  for (const offset of [rarestPair(rule.anchor, 0), rarestPair(rule.anchor, 1)]) {
    const pair = Buffer.from(rule.anchor).readUInt16LE(offset)
    leadsByPair[pair] = [...(leadsByPair[pair] ?? []), { rule, offset }]
    isLead[pair] = 1
  }

/** Where an anchor has the fewest letters, of which text and mappings are made, from an even or an odd place on. */
function rarestPair(anchor: string, from: 0 | 1): number {
  const lettersAt = (offset: number) => anchor.slice(offset, offset + 2).replaceAll(/[^A-Za-z]/g, '').length
  const offsets = Array.from({ length: anchor.length - 1 }, (_, offset) => offset).filter(offset => offset % 2 === from)
  return offsets.reduce((best, offset) => (lettersAt(offset) < lettersAt(best) ? offset : best))
}

function findByRules(map: Buffer): Finding[] {
  const findings: Finding[] = []
  for (let at = 0; at + 1 < map.length; at += 2) {
    const pair = (map[at] as number) | ((map[at + 1] as number) << 8)
    if (isLead[pair] === 0) continue
    for (const { rule, offset } of leadsByPair[pair] ?? []) {
      const finding = findAt(map, at - offset, rule)
      if (finding) findings.push(finding)
    }
  }
  return findings
}

function findAt(map: Buffer, at: number, { name, anchor, pattern }: Rule): Finding | undefined {
  for (let index = 0; index < anchor.length; index++) if (map[at + index] !== anchor.charCodeAt(index)) return undefined
  const text = map.toString('latin1', at, Math.min(map.length, at + longest))
  pattern.lastIndex = 0
  const [found] = pattern.exec(text) ?? []
  return found === undefined ? undefined : { name, start: wordStart(map, at), end: at + found.length }
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
