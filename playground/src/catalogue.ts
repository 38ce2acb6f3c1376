import type { Product } from './product.ts'

/** The names of the files in `products/`. */
export const PRODUCT_IDS = [
  'apron',
  'baking-tray',
  'beaker',
  'blender',
  'bottle-opener',
  'bowl',
  'bread-knife',
  'butter-dish',
  'cake-stand',
  'carafe',
  'casserole',
  'chopping-board',
  'coffee-grinder',
  'colander',
  'corkscrew',
  'cup',
  'egg-timer',
  'espresso-pot',
  'fish-slice',
  'frying-pan',
  'funnel',
  'garlic-press',
  'grater',
  'jam-jar',
  'kettle',
  'ladle',
  'lemon-squeezer',
  'measuring-jug',
  'milk-jug',
  'mixing-bowl',
  'mortar',
  'muffin-tin',
  'oven-glove',
  'peeler',
  'pepper-mill',
  'pie-dish',
  'rolling-pin',
  'salad-spinner',
  'saucepan',
  'scales',
  'sieve',
  'spatula',
  'teapot',
  'tray',
  'whisk',
  'wok',
] as const

export type ProductId = (typeof PRODUCT_IDS)[number]

/** Each product page is a chunk of its own. */
export async function loadProduct(id: ProductId): Promise<Product> {
  const page: { default: Product } = await import(`./products/${id}.ts`)
  return page.default
}
