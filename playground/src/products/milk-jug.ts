import type { Product } from '../product.ts'

const product: Product = {
  name: 'Milk jug',
  price: 1150,
  description: 'Pours without a drop.',
}

export default product
