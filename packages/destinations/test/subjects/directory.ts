import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subject } from '../../src/contract/index.ts'
import { directory } from '../../src/directory.ts'

const noRequests = 'it writes files and sends no requests'

export const subject: Subject = {
  async start() {
    const dir = await mkdtemp(join(tmpdir(), 'mapseal-directory-'))
    return {
      create: () => directory({ path: dir }),
      async maps() {
        const entries = await readdir(dir, { recursive: true, withFileTypes: true })
        const files = entries.filter(entry => entry.isFile())
        return (await Promise.all(files.map(file => readFile(join(file.parentPath, file.name), 'utf8')))).sort()
      },
      stop: () => rm(dir, { recursive: true }),
    }
  },
  without: {
    '401': noRequests,
    '413': noRequests,
    '429 with Retry-After': noRequests,
    '500 then success': noRequests,
    timeout: noRequests,
    reset: noRequests,
    'partial failure then resume': noRequests,
    'no secret in any message': 'it has no secret',
  },
}
