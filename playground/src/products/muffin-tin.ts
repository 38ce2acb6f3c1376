import type { Product } from '../product.ts'

const product: Product = {
  name: 'Muffin tin',
  price: 1350,
  description: 'Makes six.',
}

export default product
