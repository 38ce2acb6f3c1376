import { rmSync } from 'node:fs'

rmSync('apps/shop/dist', { recursive: true })
