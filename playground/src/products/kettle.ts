import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Kettle',
  price: 4990,
  description: 'Boils a litre in three minutes.',
  note: () => `${formatPrice(4990 * 3)} for 3.`,
}

export default product
