import { randomBytes } from 'node:crypto'
import { openVault } from '@mapseal/core'

/** Puts large artifacts into a vault, without end; made to be killed. In gzip with every Node, which the test reads. */

const vault = openVault(process.argv[2], import.meta.dirname)
process.stdout.write('ready\n')
for (let count = 0; ; count++) {
  const pack = vault.newPack({ isGzip: true })
  await Promise.all(
    [0, 1, 2, 3].map(part => pack.put({ path: `${count}-${part}.js`, debugId: '', code: randomBytes(3_000_000) })),
  )
  await pack.commit()
}
