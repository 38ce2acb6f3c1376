/** Numbers that look random and are the same in every run (mulberry32). */
export interface Random {
  /** From 0 to below `limit`. */
  below(limit: number): number
  pick<Value>(values: readonly Value[]): Value
  chance(probability: number): boolean
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: limit => Math.floor(next() * limit),
    pick: values => values[Math.floor(next() * values.length)] as (typeof values)[number],
    chance: probability => next() < probability,
  }
}

/** What breaks parsers. */
const nasty = [
  '',
  '\0',
  '..',
  '../',
  '%00',
  '%2e%2e%2f',
  '"',
  '\\',
  '\r\n',
  '{',
  '[',
  '}',
  ']',
  'null',
  '-1',
  '1e999',
  '99999999999999999999',
  '__proto__',
  'constructor',
  '\u2028',
  '😀',
  '\ud800',
  'a'.repeat(5000),
  '[['.repeat(200),
  '-'.repeat(70),
]

/** A few changes: bytes flipped, cut, doubled, replaced by what breaks parsers. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  let changed: Buffer = Buffer.from(bytes)
  for (let count = 1 + random.below(4); count > 0; count--) changed = change(changed, random)
  return changed
}

function change(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1)
  const length = Math.min(random.below(40), bytes.length - at)
  const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)]
  switch (random.below(7)) {
    case 0: {
      const flipped = Buffer.from(bytes)
      if (at < flipped.length) flipped[at] = (flipped[at] as number) ^ (1 << random.below(8))
      return flipped
    }
    case 1:
      return Buffer.concat([before, after])
    case 2:
      return Buffer.concat([before, part, part, after])
    case 3:
      return before
    case 4:
      return Buffer.concat([before, Buffer.from(random.pick(nasty)), after])
    case 5:
      return Buffer.concat([before, Buffer.from(Array.from({ length }, () => random.below(256))), after])
    default:
      return Buffer.concat([before, Buffer.from([0xff, 0xff, 0xff, 0xff]), bytes.subarray(at + 4)])
  }
}
