import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SecretValue } from './scan.ts'

const files = ['.env', '.env.local', '.env.production', '.env.production.local']

const secretName = /secret|token|passw|credential|private|api_?key|access_?key|auth|dsn$|database_url/i
/** What frameworks put into scripts, which anybody can read. */
const publicName =
  /^(?:VITE|NEXT_PUBLIC|NUXT_PUBLIC|PUBLIC|REACT_APP|EXPO_PUBLIC|GATSBY|VUE_APP|ASTRO_PUBLIC)_|SENTRY_DSN$|PUBLISHABLE/

/** Shorter values, and those of one word, hit ordinary code. */
const shortest = 12

/** Values of the project's `.env` files that are secret, by the names of their variables. */
export function secretValues(root: string): SecretValue[] {
  const values = new Map<string, string>()
  for (const file of files) for (const [name, value] of variablesOf(join(root, file))) values.set(name, value)
  return [...values].flatMap(([name, value]) => (isSecret(name, value) ? [{ name, value }] : []))
}

function isSecret(name: string, value: string): boolean {
  if (!secretName.test(name) || publicName.test(name) || value.length < shortest) return false
  return /\d/.test(value) && /[A-Za-z]/.test(value)
}

function variablesOf(path: string): [string, string][] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return [] // Most projects have none.
  }
  return [
    ...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\n#]*))/gm),
  ].map(([, name = '', double, single, bare]) => [name, (double ?? single ?? bare ?? '').trim()])
}
