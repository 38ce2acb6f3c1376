/** Values by `section.key`, as in `auth.token`. */
export type Settings = Record<string, string>

/** `.sentryclirc`: `[section]`, `key = value` or `key: value`, comments from `;` or `#` at a line's start. */
export function parseIni(text: string): Settings {
  const settings: Settings = {}
  let section = ''
  for (const line of text.split(/\r?\n/).map(line => line.trim())) {
    if (line === '' || /^[;#]/.test(line)) continue
    const header = /^\[(.+)\]$/.exec(line)
    if (header) section = (header[1] as string).trim().toLowerCase()
    else assign(settings, line, key => (section ? `${section}.${key}` : key))
  }
  return settings
}

/** `sentry.properties`: `section.key=value`, comments from `#` or `!` at a line's start. */
export function parseProperties(text: string): Settings {
  const settings: Settings = {}
  for (const line of text.split(/\r?\n/).map(line => line.trim())) {
    if (line === '' || /^[!#]/.test(line)) continue
    assign(settings, line.replace(/\\([:=#!\\])/g, '$1'), key => key)
  }
  return settings
}

function assign(settings: Settings, line: string, nameOf: (key: string) => string): void {
  const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line)
  if (!pair) return
  const value = (pair[2] as string).replace(/^(["'])(.*)\1$/, '$2')
  settings[nameOf((pair[1] as string).toLowerCase())] = value
}

/** Empty means unset, in variables and files alike. */
export function isSetText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
