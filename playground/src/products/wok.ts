import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Wok',
  price: 5290,
  description: 'Round base.',
  note: () => `${formatPrice(5290 * 4)} for 4.`,
}

export default product
