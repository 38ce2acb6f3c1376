import type { Product } from '../product.ts'

const product: Product = {
  name: 'Espresso pot',
  price: 3290,
  description: 'For three cups.',
}

export default product
