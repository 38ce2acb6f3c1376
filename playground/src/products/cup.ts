import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Cup',
  price: 890,
  description: 'Fits under the machine.',
  note: () => `${formatPrice(890 * 6)} for 6.`,
}

export default product
