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

/** Rules by the first two bytes of their anchors: one pass with a look at each pair costs an eighth of a search for each anchor. */
const rulesByPair = new Map<number, Rule[]>()
for (const rule of rules) {
  const pair = Buffer.from(rule.anchor).readUInt16BE()
  rulesByPair.set(pair, [...(rulesByPair.get(pair) ?? []), rule])
}

/** Whether an anchor begins with a pair of bytes. */
const beginsAnchor = new Uint8Array(2 ** 16)
for (const pair of rulesByPair.keys()) beginsAnchor[pair] = 1

function findByRules(map: Buffer): Finding[] {
  const findings: Finding[] = []
  let pair = 0
  for (let end = 0; end < map.length; end++) {
    pair = ((pair & 0xff) << 8) | (map[end] as number)
    if (beginsAnchor[pair] === 0) continue
    for (const rule of rulesByPair.get(pair) ?? []) {
      const finding = findAt(map, end - 1, rule)
      if (finding) findings.push(finding)
    }
  }
  return findings
}

function findAt(map: Buffer, at: number, { name, anchor, pattern }: Rule): Finding | undefined {
  for (let index = 2; index < anchor.length; index++) if (map[at + index] !== anchor.charCodeAt(index)) return undefined
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
