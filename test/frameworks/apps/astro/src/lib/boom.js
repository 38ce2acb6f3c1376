export async function boom(count) {
  const { describe } = await import('./lazy.js')
  throw new Error(describe(count))
}
