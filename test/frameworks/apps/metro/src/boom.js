export function boom() {
  throw new Error('boom on the server')
}
