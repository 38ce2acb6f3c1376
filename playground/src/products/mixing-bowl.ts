import type { Product } from '../product.ts'

const product: Product = {
  name: 'Mixing bowl',
  price: 1990,
  description: 'Rubber base.',
  discount: { percent: 10 },
}

export default product
