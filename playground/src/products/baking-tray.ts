import type { Product } from '../product.ts'

const product: Product = {
  name: 'Baking tray',
  price: 1450,
  description: 'Takes twelve rolls.',
  discount: { percent: 10 },
}

export default product
