import type { Product } from '../product.ts'

const product: Product = {
  name: 'Funnel',
  price: 450,
  description: 'Folds flat.',
}

export default product
