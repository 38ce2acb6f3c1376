import type { Destination } from '../deliver/destination.ts'
import type { Registry, Release } from '../types.ts'
import { placeholderId } from './debug-id.ts'

/** Read by Sentry's SDKs, by our server and by `mapseal/runtime`; filled always. */
export const defaultRegistry: Registry = { global: '_sentryDebugIds' }

/** How every snippet of ours starts, unlike another tool's. */
export const snippetStart: string =
  ';!function(){try{var e="undefined"!=typeof globalThis?globalThis:"undefined"!=typeof window?window:' +
  '"undefined"!=typeof global?global:"undefined"!=typeof self?self:{};'

/**
 * The text that registers a file at run time, with {@link placeholderId} for its debug ID. ES5, one line, ASCII, never
 * throws, begins and ends with `;`, and is safe inside an HTML `<script>`. `globalThis` is tried first because some
 * bundles declare `global` later, where reading it would throw.
 *
 * @param release for the file that carries it; the first to run names the page's release
 * @param globals what the file sets besides, by its name
 */
export function createSnippet(registries: Registry[], release?: Release, globals: Destination['globals'] = {}): string {
  const fills = registries.map(({ global, entry }) => {
    const value = entry ? entry(placeholderId) : placeholderId
    return `e.${global}=e.${global}||{},e.${global}[n]=${literal(value)}`
  })
  const sets = Object.entries(globals).map(([name, value]) => {
    return `e${member(name)}=${literal(typeof value === 'function' ? value(placeholderId) : value)};`
  })
  const names = release ? `e.SENTRY_RELEASE=e.SENTRY_RELEASE||{id:${literal(release.name)}};` : ''
  const fill = fills.length > 0 ? `var n=(new e.Error).stack;n&&(${fills.join(',')})` : ''
  return `${snippetStart}${names}${sets.join('')}${fill}}catch(e){}}();`
}

/** Faro's globals have an app's name in theirs, which need not be an identifier. */
function member(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${literal(name)}]`
}

/** JSON that is also ASCII, ES5 and free of `<`, so that neither an encoding nor `</script>` can break it. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u007f-\uffff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** How far from its start a snippet registers its ID, in characters. */
export const registrationReach = 6000

/**
 * The ID that a snippet at the very start of `code` already registers: ours, Sentry's or sentry-cli's, minified or not. Trusted only
 * where the same ID stands in the trailing comment or in Sentry's own marker, since user code may mention the registry.
 */
export function registeredId(code: string, commentId: string | undefined): string | undefined {
  const head = code.slice(0, registrationReach)
  const match = /_sentryDebugIds\[[\w$]+\]\s*=\s*(["'`])([0-9a-fA-F-]{36})\1/.exec(head)
  if (!match) return undefined
  const id = match[2] as string
  return id === commentId || head.includes(`sentry-dbid-${id}`) ? id : undefined
}
