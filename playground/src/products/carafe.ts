import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Carafe',
  price: 2200,
  description: 'Holds one litre.',
  note: () => `${formatPrice(2200 * 4)} for 4.`,
}

export default product
