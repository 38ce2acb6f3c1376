export function boom() {
  setTimeout(() => {
    throw new Error('boom in the browser')
  })
}
