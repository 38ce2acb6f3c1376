import type { Product } from '../product.ts'

const product: Product = {
  name: 'Oven glove',
  price: 1290,
  description: 'To 250 degrees.',
}

export default product
