import type { Product } from '../product.ts'

const product: Product = {
  name: 'Bowl',
  price: 1250,
  description: 'Stoneware, 20 cm.',
}

export default product
