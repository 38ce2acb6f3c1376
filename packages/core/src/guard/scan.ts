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
  const findings = [...findByRules(map, isJson), ...values.flatMap(value => findValue(map, value, isJson))]
  return findings.sort((a, b) => a.start - b.start)
}

/** A text to look for, and how far into it a pair of bytes stands. */
interface Lead {
  anchor: string
  offset: number
  /** None for the key of the mappings. */
  rule: Rule | undefined
}

/** As only a key can be, since a text has its quotes escaped. What follows it has no secrets, and is a third of a map. */
const mappingsKey = '"mappings":'

/**
 * Leads by two pairs of bytes of their anchors, one at an even and one at an odd place: wherever the anchor is, one of them is
 * seen by a look at every other byte, which costs a twentieth of a search for each anchor.
 */
const leads: Lead[][] = [[]]
/** By pairs, the index of their leads; 0 for none. */
const leadsOf = new Uint8Array(2 ** 16)
/** By pairs as this machine has them in a word. */
const isLead = new Uint8Array(2 ** 16)

/** Only when there is something to look through: plugins are also loaded by development servers. */
function fillLeads(): void {
  for (const rule of [...rules, undefined]) {
    const anchor = rule?.anchor ?? mappingsKey
    for (const offset of [rarestPair(anchor, 0), rarestPair(anchor, 1)]) {
      const bytes = Uint8Array.from(Buffer.from(anchor))
      const pair = pairAt(bytes, offset)
      leadsOf[pair] ||= leads.push([]) - 1
      leads[leadsOf[pair] as number]?.push({ anchor, offset, rule })
      isLead[new Uint16Array(bytes.buffer.slice(offset, offset + 2))[0] as number] = 1
    }
  }
}

/** Where an anchor has the fewest letters, of which text and mappings are made, from an even or an odd place on. */
function rarestPair(anchor: string, from: 0 | 1): number {
  const lettersAt = (offset: number) => anchor.slice(offset, offset + 2).replaceAll(/[^A-Za-z]/g, '').length
  const offsets = Array.from({ length: anchor.length - 1 }, (_, offset) => offset).filter(offset => offset % 2 === from)
  return offsets.reduce((best, offset) => (lettersAt(offset) < lettersAt(best) ? offset : best))
}

function pairAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
}

/** What is before the map has no secret in it, and no secret has its anchor in the last bytes. */
function findByRules(map: Buffer, isJson: boolean): Finding[] {
  if (leads.length === 1) fillLeads()
  const findings: Finding[] = []
  for (let next = 0, pair = nextAnchor(map, 0); pair !== undefined; pair = nextAnchor(map, next)) {
    const { anchor, offset, rule } = leadAt(map, pair) as Lead
    const finding = rule && findAt(map, pair - offset, rule)
    if (finding) findings.push(finding)
    next = rule || !isJson ? pair + 2 : endOfText(map, pair - offset + anchor.length)
  }
  return findings
}

/**
 * Where the first anchor has its pair, at `from` or later. Read in words, as the machine has them, and two at a time, which takes
 * two thirds of the time. All that is done for millions of words is here, and nothing else: code that first runs once V8 has
 * optimized a function has V8 start over.
 */
function nextAnchor(map: Buffer, from: number): number | undefined {
  const before = map.byteOffset % 4
  const words = new Int32Array(map.buffer, map.byteOffset - before, ((before + map.length) >> 3) * 2)
  for (let index = ((from + before) >> 3) * 2; index < words.length; index += 2) {
    const one = words[index] as number
    const other = words[index + 1] as number
    const isOne = (isLead[one & 0xffff] as number) | (isLead[one >>> 16] as number)
    const isOther = (isLead[other & 0xffff] as number) | (isLead[other >>> 16] as number)
    if ((isOne | isOther) === 0) continue
    const at = index * 4 - before
    for (let pair = at; pair < at + 8; pair += 2) if (pair >= from && leadAt(map, pair)) return pair
  }
  return undefined
}

function leadAt(map: Buffer, pair: number): Lead | undefined {
  const group = leads[leadsOf[pairAt(map, pair)] as number] as Lead[]
  let index = 0
  while (index < group.length && !isLeadAt(map, pair, group[index] as Lead)) index += 1
  return group[index]
}

function isLeadAt(map: Buffer, pair: number, { anchor, offset }: Lead): boolean {
  return isAt(map, pair - offset, anchor)
}

function isAt(map: Buffer, at: number, anchor: string): boolean {
  if (at < 0 || at + anchor.length > map.length) return false
  for (let index = 0; index < anchor.length; index++) if (map[at + index] !== anchor.charCodeAt(index)) return false
  return true
}

/** Where the next text in quotes ends. Mappings have nothing that is escaped. */
function endOfText(map: Buffer, at: number): number {
  const end = map.indexOf('"', map.indexOf('"', at) + 1)
  return end === -1 ? map.length : end
}

function findAt(map: Buffer, at: number, { name, pattern }: Rule): Finding | undefined {
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
