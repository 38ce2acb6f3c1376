export async function boom(count) {
  const { describe } = await import('./lazy.js')
  describe(count)
  throw new Error('boom in the browser')
}
