import { testCells } from './matrix/matrix.ts'

await testCells('webpack')
