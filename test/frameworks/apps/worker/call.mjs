import worker from './dist/index.js'

console.log(await worker.fetch().text())
