import { handler } from './dist/handler.mjs'

console.log((await handler()).body)
