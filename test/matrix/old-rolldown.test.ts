import { testOldCells } from './matrix.ts'

await testOldCells('rolldown1.0')
