export function boom() {
  throw new Error('boom in the browser')
}
