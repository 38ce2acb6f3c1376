import { join } from 'node:path'
import { thisMachine } from './machine.ts'
import { chooseRows, readOptions } from './options.ts'
import { APPS, ROOT } from './places.ts'
import { runRounds } from './rounds/run.ts'
import { variantsOf } from './rounds/variants.ts'
import { install } from './setup/install.ts'
import { installOurs } from './setup/ours.ts'
import { openStore } from './store.ts'

const options = readOptions(process.argv.slice(2))
const say = (line: string) => void process.stderr.write(`${line}\n`)
const rows = chooseRows(options.only, [])

await install(APPS, say)
await install(join(ROOT, 'builds'), say)
for (const { name } of options.peers) await install(join(ROOT, 'contestants', name), say)
const { hash } = await installOurs(say)
const store = openStore(thisMachine(), hash, options.isFresh)

for (const row of rows) {
  const variants = variantsOf(row, options)
  await runRounds(row, variants, store, {
    count: options.rounds ?? 5,
    isProfiled: options.isProfiled,
    ...(options.lock ? { lock: options.lock } : {}),
    say,
  })
}
