import { boom } from './dist/boom.mjs'

try {
  boom()
} catch (error) {
  console.log(error.stack)
}
