import { type CartLine, totalOf } from './cart.ts'
import { loadProduct, PRODUCT_IDS, type ProductId } from './catalogue.ts'
import { reportUncaught } from './errors.ts'
import { requestMedian } from './insights.ts'

const cart: CartLine[] = []

/** Product pages and the checkout import this from the entry, as real apps do. */
export function formatPrice(cents: number): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(cents / 100)
}

function button(id: string, label: string, onClick: () => unknown): HTMLButtonElement {
  const element = document.createElement('button')
  element.id = id
  element.textContent = label
  element.addEventListener('click', onClick)
  return element
}

async function showProduct(id: ProductId): Promise<void> {
  const product = await loadProduct(id)
  cart.push({ product, quantity: 1 })
  const note = product.note ? ` ${product.note()}` : ''
  output.textContent = `${product.name}: ${formatPrice(product.price)}. ${product.description}${note}`
}

/** Throws in the entry. */
async function showTotal(): Promise<void> {
  if (cart.length === 0) await showProduct('teapot')
  output.textContent = `Total: ${formatPrice(totalOf(cart))}`
}

/** Throws in the lazy route. */
async function showCheckout(): Promise<void> {
  const { renderCheckout } = await import('./routes/checkout.ts')
  document.body.append(await renderCheckout(cart, '1 High Street, 12 34'))
}

/** Throws in the worker. */
function showMedian(): void {
  requestMedian(cart.filter(line => line.quantity > 1).map(line => line.product.price))
}

function productItem(id: ProductId): HTMLLIElement {
  const item = document.createElement('li')
  item.append(button(id, id.replaceAll('-', ' '), () => showProduct(id)))
  return item
}

reportUncaught()
const output = document.createElement('output')
const title = document.createElement('h1')
const actions = document.createElement('nav')
const list = document.createElement('ul')
title.textContent = 'Shop'
actions.append(
  button('total', `Total: ${formatPrice(totalOf(cart))}`, showTotal),
  button('checkout', 'Check out', showCheckout),
  button('median', 'Median price', showMedian),
)
list.append(...PRODUCT_IDS.map(productItem))
document.body.append(title, actions, output, list)
