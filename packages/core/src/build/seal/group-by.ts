export async function groupBy<Item>(items: Item[], keyOf: (item: Item) => Promise<string>): Promise<Item[][]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = await keyOf(item)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return [...groups.values()]
}
