import { parse } from 'ini'
import type { Settings } from './settings.ts'

/** Reads `.sentryclirc` as sentry-cli does. */
export function parseIni(text: string): Settings {
  const settings: Settings = {}
  const lines = text.replace(/^\ufeff/, '').split(/[\r\n]+/)
  collect(settings, '', parse(lines.map(asNodeIni).join('\n')))
  return settings
}

/**
 * Rewrites a line of sentry-cli's dialect (rust-ini's) as the package takes it: in the former `:` separates as well as `=`,
 * and `;` or `#` inside a value does not start a comment. A value in JSON comes back as it was, digits as text.
 */
function asNodeIni(line: string): string {
  const pair = /^\s*([^\s;#[=:][^=:]*)[=:](.*)$/.exec(line)
  if (!pair) return /^\s*\[/.test(line) ? line.trim() : ''
  const [, key = '', value = ''] = pair
  return `${key.trim()}=${JSON.stringify(value.trim().replace(/^(["'])(.*?)\1/, '$2'))}`
}

/** The package nests sections with dots in their names; settings have the whole path. */
function collect(settings: Settings, path: string, tree: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(tree)) {
    const key = (path ? `${path}.${name}` : name).toLowerCase()
    if (typeof value === 'object' && value !== null) collect(settings, key, value as Record<string, unknown>)
    // `true`, `false` and `null` come as values of their own.
    else settings[key] = String(value)
  }
}
