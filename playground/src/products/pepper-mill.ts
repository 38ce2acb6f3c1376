import type { Product } from '../product.ts'

const product: Product = {
  name: 'Pepper mill',
  price: 2890,
  description: 'Ceramic grinder.',
}

export default product
