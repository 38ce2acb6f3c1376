export function packKey(name: string): string {
  return `packs/${name}`
}
