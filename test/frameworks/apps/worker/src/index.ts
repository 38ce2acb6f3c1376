import { boom } from './boom.ts'

export default {
  fetch(): Response | undefined {
    try {
      boom()
    } catch (error) {
      return new Response((error as Error).stack)
    }
  },
}
