import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Measuring jug',
  price: 990,
  description: 'Metric on both sides.',
  note: () => `${formatPrice(990 * 6)} for 6.`,
}

export default product
