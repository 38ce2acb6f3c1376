import type { Product } from '../product.ts'

const product: Product = {
  name: 'Cake stand',
  price: 3400,
  description: 'Turns on a bearing.',
  discount: { percent: 5 },
}

export default product
