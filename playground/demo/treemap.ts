export interface Tile<Item> {
  item: Item
  x: number
  y: number
  width: number
  height: number
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Fills `box` with one tile an item, of an area in proportion to its size and as square as can be (Bruls et al., 2000). */
export function squarify<Item>(items: Item[], sizeOf: (item: Item) => number, box: Box): Tile<Item>[] {
  const sorted = [...items].sort((left, right) => sizeOf(right) - sizeOf(left))
  const total = sorted.reduce((sum, item) => sum + sizeOf(item), 0)
  const scale = (box.width * box.height) / total
  const tiles: Tile<Item>[] = []
  let rest = box
  for (let start = 0; start < sorted.length; ) {
    const side = Math.min(rest.width, rest.height)
    const areas = sorted.slice(start).map(item => sizeOf(item) * scale)
    const count = rowLength(areas, side)
    const row = layRow(sorted.slice(start, start + count), areas.slice(0, count), rest)
    tiles.push(...row.tiles)
    rest = row.rest
    start += count
  }
  return tiles
}

/** As many as make the row's worst tile squarer. */
function rowLength(areas: number[], side: number): number {
  let count = 1
  while (count < areas.length && worst(areas.slice(0, count + 1), side) <= worst(areas.slice(0, count), side)) count++
  return count
}

function worst(areas: number[], side: number): number {
  const sum = areas.reduce((total, area) => total + area, 0)
  return Math.max((side ** 2 * Math.max(...areas)) / sum ** 2, sum ** 2 / (side ** 2 * Math.min(...areas)))
}

function layRow<Item>(items: Item[], areas: number[], box: Box): { tiles: Tile<Item>[]; rest: Box } {
  const isWide = box.width >= box.height
  const side = isWide ? box.height : box.width
  const depth = areas.reduce((total, area) => total + area, 0) / side
  let offset = 0
  const tiles = items.map((item, index) => {
    const length = (areas[index] ?? 0) / depth
    const at = isWide
      ? { x: box.x, y: box.y + offset, width: depth, height: length }
      : { x: box.x + offset, y: box.y, width: length, height: depth }
    offset += length
    return { item, ...at }
  })
  const rest = isWide
    ? { ...box, x: box.x + depth, width: box.width - depth }
    : { ...box, y: box.y + depth, height: box.height - depth }
  return { tiles, rest }
}
