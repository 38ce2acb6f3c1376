import type { Product } from '../product.ts'

const product: Product = {
  name: 'Salad spinner',
  price: 2590,
  description: 'Stops at a touch.',
}

export default product
