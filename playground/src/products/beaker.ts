import type { Product } from '../product.ts'

const product: Product = {
  name: 'Beaker',
  price: 690,
  description: 'Marked every 50 ml.',
}

export default product
