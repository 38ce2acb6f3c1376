import { createHash } from 'node:crypto'
import type { Artifact } from '@mapseal/core'
import { uploadArtifacts } from '../src/sentry/upload/upload.ts'
import { listen, toBuild } from './sentry-build.ts'

/** `URL COUNT`: delivers so many artifacts with maps of 3 MB, made one at a time, and prints the process's peak in bytes. */

const [url = '', amount] = process.argv.slice(2)
const count = Number(amount)

async function* artifacts(): AsyncIterable<Artifact> {
  for (let i = 0; i < count; i++) {
    const hex = createHash('sha256').update(`${i}`).digest('hex')
    const debugId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
    const map = Buffer.alloc(3_000_000, `{"sources":["${hex}"]}`)
    for (let at = 0; at < map.length; at += 200) map.write(createHash('md5').update(`${i}/${at}`).digest('hex'), at)
    yield { path: `${i}.js`, debugId, code: map.subarray(0, 500_000), map }
  }
}

const { context } = listen()

/** Sampled: the system's own figure begins with that of the process which started this one. */
let peak = 0
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 5).unref()

async function run(): Promise<void> {
  const config = { url, org: 'acme', projects: ['web'], authToken: 'token', urlPrefix: '~' }
  await uploadArtifacts(config, toBuild({ 'a.js': 'a' }).record, artifacts(), context)
  process.stdout.write(`${peak}\n`)
  process.exit(0)
}
void run()
