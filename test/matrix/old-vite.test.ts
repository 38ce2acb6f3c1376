import { testOldCells } from './matrix.ts'

await testOldCells('vite8.0')
await testOldCells('vite6')
await testOldCells('vite5')
await testOldCells('vite5.0')
