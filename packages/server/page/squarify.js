/**
 * Fills a box with one tile an item, of an area in proportion to its weight and as square as can be (Bruls et al., 2000).
 *
 * @param {{ weight: number }[]} items
 * @param {{ x: number, y: number, width: number, height: number }} box
 */
export function squarify(items, box) {
  const sorted = items.filter(({ weight }) => weight > 0).sort((one, other) => other.weight - one.weight)
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0)
  const scale = (box.width * box.height) / total
  const tiles = []
  let rest = box
  for (let start = 0; start < sorted.length; ) {
    const side = Math.min(rest.width, rest.height)
    const end = rowEnd(sorted, start, side, scale)
    rest = layRow(sorted.slice(start, end), scale, rest, tiles)
    start = end
  }
  return tiles
}

/** As many as make the row's worst tile squarer. */
function rowEnd(sorted, start, side, scale) {
  const largest = sorted[start].weight * scale
  let sum = largest
  let worst = worstOf(largest, largest, sum, side)
  for (let end = start + 1; end < sorted.length; end++) {
    const area = sorted[end].weight * scale
    const next = worstOf(largest, area, sum + area, side)
    if (next > worst) return end
    sum += area
    worst = next
  }
  return sorted.length
}

function worstOf(largest, smallest, sum, side) {
  return Math.max((side ** 2 * largest) / sum ** 2, sum ** 2 / (side ** 2 * smallest))
}

function layRow(row, scale, box, tiles) {
  const isWide = box.width >= box.height
  const depth = row.reduce((sum, { weight }) => sum + weight * scale, 0) / (isWide ? box.height : box.width)
  let offset = 0
  for (const item of row) {
    const length = (item.weight * scale) / depth
    tiles.push(
      isWide
        ? { item, x: box.x, y: box.y + offset, width: depth, height: length }
        : { item, x: box.x + offset, y: box.y, width: length, height: depth },
    )
    offset += length
  }
  return isWide
    ? { ...box, x: box.x + depth, width: box.width - depth }
    : { ...box, y: box.y + depth, height: box.height - depth }
}
