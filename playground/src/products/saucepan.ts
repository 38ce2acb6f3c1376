import type { Product } from '../product.ts'

const product: Product = {
  name: 'Saucepan',
  price: 5490,
  description: 'Two litres, with a lid.',
}

export default product
