/** Marks of the scripts that frameworks write once all plugins have run. They contain no user code. */
const written = [
  // Next.js: `server.js` of `standalone`.
  /\brequire\('next\/dist\/server\/lib\/start-server'\)/,
  // Module Federation for Vite: what loads an entry.
  /^\s*const __mfCacheGlobalKey = "__mf_module_cache__";/,
  // vite-plugin-pwa and Workbox: the worker that Workbox generates, its library, and what registers it.
  /^if\(!self\.define\)\{(?:.|\n){0,900}\bdefine\(\["\.\/workbox-[\w-]+"\]/,
  /^define\(\["exports"\],\s*\(?function\s*\(\w+\)\s*\{\s*"use strict";\s*try\s*\{\s*self\["workbox:core:/,
  /^if\('serviceWorker' in navigator\) \{window\.addEventListener\('load', \(\) => \{navigator\.serviceWorker\.register\([^()]*\)\}\)\}\s*$/,
  // SvelteKit: the manifest and what starts with it, the nodes, and the paths of its adapter for Node.js.
  /\bfunction __memo\(fn\) \{\s*let value;\s*return \(\) => value \?\?= \(value = fn\(\)\);/,
  /^\s*(?:import [^\n]*\n\s*)*export const index = \d+;\s*let component_cache;/,
  /^import \{ dirname \} from 'node:path';\n(?:.*\n)*?export const env_prefix = /,
]

/** Storybook copies its own interface, built before, into folders of its own. */
const copied = /(?:^|\/)sb-(?:addons|manager)\//

/** Far more than any of them has beside configuration. */
const longest = 256 * 1024

/** Whether a script is not built but written by a framework, and so has neither a source map nor a debug ID. */
export function isFrameworkScript(path: string, body: string): boolean {
  return copied.test(path) || (body.length <= longest && written.some(pattern => pattern.test(body)))
}
