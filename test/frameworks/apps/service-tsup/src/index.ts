import { boom } from './boom.ts'

try {
  boom()
} catch (error) {
  console.log((error as Error).stack)
}
