import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subject } from '../../src/contract/index.ts'
import { layout } from '../../src/layout.ts'
import { subject as directory } from './directory.ts'

export const subject: Subject = {
  ...directory,
  async start() {
    const dir = await mkdtemp(join(tmpdir(), 'mapseal-layout-'))
    return {
      create: () => layout({ reader: 'opentelemetry', to: dir }),
      async maps() {
        const entries = await readdir(dir, { recursive: true, withFileTypes: true })
        const files = entries.filter(entry => entry.name.endsWith('.map'))
        return (await Promise.all(files.map(file => readFile(join(file.parentPath, file.name), 'utf8')))).sort()
      },
      stop: () => rm(dir, { recursive: true }),
    }
  },
}
