const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Values of the base64 digits by character code; -1 for all other codes. */
export const digitValues: Int8Array = new Int8Array(256).fill(-1)
for (let i = 0; i < 64; i++) digitValues[digits.charCodeAt(i)] = i

/** ECMA-426 keeps every number, its sign included, below this. Zeros may pad it to any length. */
export const vlqLimit: number = 2 ** 32

/** An unsigned base64 VLQ at `at`: its value and the offset after it. `end` is -1 where no number stands. */
export function readUnsigned(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0
  let scale = 1
  for (let i = at; i < bytes.length && value < vlqLimit; i++) {
    const digit = digitValues[bytes[i] as number] as number
    if (digit < 0) break
    if (digit & 31) value += (digit & 31) * scale
    if (digit < 32) return value < vlqLimit ? { value, end: i + 1 } : { value: 0, end: -1 }
    scale *= 32
  }
  return { value: 0, end: -1 }
}

export function writeUnsigned(value: number): string {
  let text = ''
  let rest = value
  do {
    const digit = rest % 32
    rest = Math.floor(rest / 32)
    text += digits[rest > 0 ? digit + 32 : digit]
  } while (rest > 0)
  return text
}

/** Source maps keep the sign in the lowest bit. */
export function readSigned(bytes: Uint8Array, at: number): { value: number; end: number } {
  const { value, end } = readUnsigned(bytes, at)
  const magnitude = Math.floor(value / 2)
  return { value: value % 2 ? -magnitude : magnitude, end }
}

export function writeSigned(value: number): string {
  return writeUnsigned(value < 0 ? -value * 2 + 1 : value * 2)
}
