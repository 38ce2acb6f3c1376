export function describe(count) {
  return `boom ${count}`
}
