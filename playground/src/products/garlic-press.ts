import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Garlic press',
  price: 1590,
  description: 'Comes apart for washing.',
  note: () => `${formatPrice(1590 * 4)} for 4.`,
}

export default product
