import type { Product } from '../product.ts'

const product: Product = {
  name: 'Chopping board',
  price: 2450,
  description: 'Beech, end grain.',
}

export default product
