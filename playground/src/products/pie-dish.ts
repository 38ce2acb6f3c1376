import type { Product } from '../product.ts'

const product: Product = {
  name: 'Pie dish',
  price: 1890,
  description: 'Fluted rim.',
}

export default product
