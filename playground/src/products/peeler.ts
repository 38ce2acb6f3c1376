import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Peeler',
  price: 590,
  description: 'For either hand.',
  note: () => `${formatPrice(590 * 4)} for 4.`,
}

export default product
