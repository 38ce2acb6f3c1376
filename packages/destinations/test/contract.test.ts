import { createRequire } from 'node:module'
import { destinationContract, type Subject } from '../src/contract/index.ts'

const { exports } = createRequire(import.meta.url)('../package.json') as { exports: Record<string, string | object> }

/** Every destination that the package exports has a file in `subjects/`. */
for (const [entry, target] of Object.entries(exports)) {
  if (typeof target === 'string' || entry === './contract') continue
  const name = entry.slice('./'.length)
  const { subject } = (await import(`./subjects/${name}.ts`)) as { subject: Subject }
  destinationContract(name, subject)
}
