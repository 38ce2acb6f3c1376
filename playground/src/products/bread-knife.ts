import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Bread knife',
  price: 2790,
  description: 'Serrated, 24 cm.',
  note: () => `${formatPrice(2790 * 5)} for 5.`,
}

export default product
