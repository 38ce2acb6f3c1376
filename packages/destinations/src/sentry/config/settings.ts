/** Values of a config file by `section.key`, as in `auth.token`. */
export type Settings = Record<string, string>

/** Whether a setting holds text: empty means unset, in variables and files alike. */
export function isSetText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
