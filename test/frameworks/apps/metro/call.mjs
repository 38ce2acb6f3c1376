import { execFileSync } from 'node:child_process'

execFileSync('sha256sum', ['--check', '--quiet', 'bytecode.sha256'])
await import('./dist/index.js')
