export function boom(): never {
  throw new Error('boom on the server')
}
