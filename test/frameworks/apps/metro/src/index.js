import { boom } from './boom'

try {
  boom()
} catch (error) {
  console.log(error.stack)
}
