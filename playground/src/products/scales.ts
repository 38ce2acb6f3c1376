import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Scales',
  price: 3190,
  description: 'To the gram.',
  note: () => `${formatPrice(3190 * 6)} for 6.`,
}

export default product
