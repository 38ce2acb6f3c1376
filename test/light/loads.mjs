// Preloaded with --import: appends the URL of every module that is imported to the file that LIGHT_LOADS names.
import { appendFileSync } from 'node:fs'
import { register } from 'node:module'
import { isMainThread } from 'node:worker_threads'

// Node.js runs hooks in a thread of their own, and so this file a second time.
if (isMainThread) register(import.meta.url)

export async function load(url, context, next) {
  if (!url.startsWith('node:')) appendFileSync(process.env.LIGHT_LOADS, `${url.replace(/\?.*/, '')}\n`)
  return next(url, context)
}
