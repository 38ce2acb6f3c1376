import { builds } from './build.ts'
import { rmSync, readdirSync } from 'node:fs'
for (const name of process.argv.slice(2) as (keyof typeof builds)[]) {
  rmSync('/tmp/pg-' + name, { recursive: true, force: true })
  const t = performance.now()
  try { await (builds[name] as any)('/tmp/pg-' + name) } catch (e) { console.log('ERR', e) }
  console.log(name, (performance.now() - t) | 0, 'ms', readdirSync('/tmp/pg-' + name, { recursive: true }).length)
}
