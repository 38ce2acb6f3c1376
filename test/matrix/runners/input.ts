import { join } from 'node:path'
import type { BundleCase, Format, Place } from '../types.ts'

export function inputsOf({ input = { main: 'src/main.js' } }: BundleCase, { dir }: Place): Record<string, string> {
  return Object.fromEntries(Object.entries(input).map(([name, path]) => [name, join(dir, path)]))
}

/** The fixture's package is of type `module`, so CommonJS needs its own extension to run. */
export function extensionOf(format: Format | undefined): string {
  return format === 'cjs' ? 'cjs' : 'js'
}
