import { testOldCells } from './matrix.ts'

await testOldCells('esbuild0.19')
