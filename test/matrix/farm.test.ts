import { testCells } from './matrix.ts'

await testCells('farm')
