import type { Product } from '../product.ts'

const product: Product = {
  name: 'Grater',
  price: 1190,
  description: 'Four sides.',
  discount: { percent: 15 },
}

export default product
