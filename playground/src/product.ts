/** One product page's module: its default export. */
export interface Product {
  name: string
  /** In cents. */
  price: number
  description: string
  discount?: { percent: number }
  /** What the page shows below the description. */
  note?: () => string
}
