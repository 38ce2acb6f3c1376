import type { Product } from '../product.ts'

const product: Product = {
  name: 'Egg timer',
  price: 990,
  description: 'Rings after an hour at most.',
}

export default product
