import type { Product } from './product.ts'

export interface CartLine {
  product: Product
  quantity: number
}

/** In cents. */
export function totalOf(lines: CartLine[]): number {
  return lines.reduce((total, line) => total + subtotalOf(line), 0)
}

function subtotalOf({ product, quantity }: CartLine): number {
  if (quantity < 1) throw new RangeError(`${product.name}: quantity ${quantity}`)
  return Math.round(discountedPrice(product)) * quantity
}

/** Wrong on purpose: not every product has a discount. */
function discountedPrice(product: Product): number {
  const { percent } = product.discount as { percent: number }
  return product.price * (1 - percent / 100)
}
