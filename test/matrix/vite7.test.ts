import { testCells } from './matrix.ts'

await testCells('vite7')
