import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'

const hermesc = 'node_modules/hermes-compiler/hermesc/linux64-bin/hermesc'
mkdirSync('dist', { recursive: true })
execFileSync(hermesc, ['-O', '-emit-binary', '-output-source-map', '-out', 'dist/start.hbc', 'src/start.js'])
writeFileSync('bytecode.sha256', execFileSync('sha256sum', ['dist/start.hbc']))
