import type { Product } from '../product.ts'

const product: Product = {
  name: 'Ladle',
  price: 890,
  description: 'Holds 100 ml.',
}

export default product
