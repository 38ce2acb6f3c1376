import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Blender',
  price: 8900,
  description: 'Three speeds, glass jug.',
  note: () => `${formatPrice(8900 * 6)} for 6.`,
}

export default product
