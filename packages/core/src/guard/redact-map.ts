import type { Finding } from './scan.ts'

const asterisk = 0x2a
const backslash = 0x5c

/** The map with secrets overwritten, each letter by one: no position changes, and it stays JSON. */
export function redactMap(map: Buffer, findings: readonly Finding[]): Buffer {
  const redacted = Buffer.from(map)
  for (const { start, end } of findings) {
    for (let at = start; at < end; at += 1) {
      const byte = map[at] as number
      // An escape of JSON: `\n`, `\"`, or `\u` with its digits, which asterisks may not replace.
      if (byte === backslash) at += map[at + 1] === 0x75 ? 5 : 1
      else if (byte < 0x80 && byte > 0x20) redacted[at] = asterisk
    }
  }
  return redacted
}
