import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Coffee grinder',
  price: 5900,
  description: 'Forty settings.',
  note: () => `${formatPrice(5900 * 3)} for 3.`,
}

export default product
