import type { Product } from '../product.ts'

const product: Product = {
  name: 'Lemon squeezer',
  price: 1090,
  description: 'Catches the pips.',
}

export default product
