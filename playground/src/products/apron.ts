import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Apron',
  price: 1890,
  description: 'Linen, with one pocket.',
  note: () => `${formatPrice(1890 * 3)} for 3.`,
}

export default product
