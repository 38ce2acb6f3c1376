import { boom } from './dist/app.js'

try {
  boom()
} catch (error) {
  console.log(error.stack)
}
