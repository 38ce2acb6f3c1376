import type { Product } from '../product.ts'

const product: Product = {
  name: 'Sieve',
  price: 1190,
  description: 'Fine mesh, 18 cm.',
}

export default product
