import type { Settings } from './settings.ts'

/** Reads `sentry.properties`: `section.key=value`, with comments from `#` or `!` at a line's start. */
export function parseProperties(text: string): Settings {
  const settings: Settings = {}
  for (const line of text.split(/\r?\n/).map(line => line.trim())) {
    if (/^[!#]/.test(line)) continue
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line.replace(/\\([:=#!\\])/g, '$1'))
    if (pair) settings[(pair[1] as string).toLowerCase()] = (pair[2] as string).replace(/^(["'])(.*)\1$/, '$2')
  }
  return settings
}
