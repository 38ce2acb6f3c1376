import { testOldCells } from './matrix.ts'

await testOldCells('rollup4.0')
await testOldCells('rollup3')
