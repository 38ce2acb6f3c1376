import type { Product } from '../product.ts'

const product: Product = {
  name: 'Tray',
  price: 1990,
  description: 'Birch, with handles.',
  discount: { percent: 20 },
}

export default product
