import type { Product } from '../product.ts'

const product: Product = {
  name: 'Frying pan',
  price: 4590,
  description: 'Carbon steel, 26 cm.',
}

export default product
