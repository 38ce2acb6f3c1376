import type { Product } from '../product.ts'

const product: Product = {
  name: 'Whisk',
  price: 890,
  description: 'Eleven wires.',
}

export default product
