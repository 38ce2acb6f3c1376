import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Teapot',
  price: 2990,
  description: 'For four, with a strainer.',
  note: () => `${formatPrice(2990 * 5)} for 5.`,
}

export default product
