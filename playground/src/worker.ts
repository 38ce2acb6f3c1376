import { describe } from './errors.ts'
import { medianOf } from './statistics.ts'

addEventListener('error', event => {
  event.preventDefault()
  postMessage(describe(event.error))
})

addEventListener('message', ({ data }: MessageEvent<number[]>) => {
  const median = medianOf(data)
  console.log(`median: ${median}`)
})
