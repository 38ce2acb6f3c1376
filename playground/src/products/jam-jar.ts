import type { Product } from '../product.ts'

const product: Product = {
  name: 'Jam jar',
  price: 280,
  description: 'With a screw lid.',
}

export default product
