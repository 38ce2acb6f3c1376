import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Fish slice',
  price: 790,
  description: 'Thin edge.',
  note: () => `${formatPrice(790 * 5)} for 5.`,
}

export default product
