import { formatPrice } from '../main.ts'
import type { Product } from '../product.ts'

const product: Product = {
  name: 'Mortar',
  price: 3900,
  description: 'Granite, with its pestle.',
  note: () => `${formatPrice(3900 * 5)} for 5.`,
}

export default product
