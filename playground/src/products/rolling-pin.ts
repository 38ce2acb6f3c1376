import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Rolling pin',
  price: 1490,
  description: 'No handles, no bearings.',
  note: () => `${formatPrice(1490 * 3)} for 3.`,
}

export default product
