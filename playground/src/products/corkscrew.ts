import type { Product } from '../product.ts'

const product: Product = {
  name: 'Corkscrew',
  price: 1290,
  description: 'Two levers.',
}

export default product
