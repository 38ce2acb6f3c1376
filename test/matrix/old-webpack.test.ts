import { testOldCells } from './matrix.ts'

await testOldCells('webpack5.75')
