import type { Product } from '../product.ts'

const product: Product = {
  name: 'Butter dish',
  price: 1690,
  description: 'With a lid that stays on.',
}

export default product
