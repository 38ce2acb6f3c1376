import { testOldCells } from './matrix.ts'

await testOldCells('rspack1')
await testOldCells('rspack1.0')
