import type { Product } from '../product.ts'

const product: Product = {
  name: 'Bottle opener',
  price: 350,
  description: 'Cast iron.',
}

export default product
