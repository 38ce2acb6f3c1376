import { defineRouter } from '#q-app'
import { createMemoryHistory, createRouter } from 'vue-router'

export default defineRouter(() => createRouter({ history: createMemoryHistory(), routes: [] }))
