import type { Product } from '../product.ts'

const product: Product = {
  name: 'Spatula',
  price: 690,
  description: 'Silicone, one piece.',
}

export default product
