import type { Product } from '../product.ts'

const product: Product = {
  name: 'Colander',
  price: 1790,
  description: 'Stands on its own feet.',
}

export default product
