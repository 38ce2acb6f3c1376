import { createServer } from 'node:http'

// Takes everything; a process of its own, so that its work is not measured.
const server = createServer((request, response) => request.resume().on('end', () => response.end('{}')))
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
