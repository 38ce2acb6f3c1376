import type { Product } from '../product.ts'

const product: Product = {
  name: 'Casserole',
  price: 9900,
  description: 'Enamelled, for six.',
}

export default product
