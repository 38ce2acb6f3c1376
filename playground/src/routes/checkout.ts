import { parseAddress } from '../address.ts'
import type { CartLine } from '../cart.ts'
import { formatPrice } from '../main.ts'

/** The lazy route: the order's summary and its address form. */
export async function renderCheckout(lines: CartLine[], address: string): Promise<HTMLElement> {
  const section = document.createElement('section')
  for (const { product, quantity } of lines) {
    const row = document.createElement('p')
    row.textContent = `${quantity} × ${product.name}, ${formatPrice(product.price)} each`
    section.append(row)
  }
  section.append(await confirmOrder(address))
  return section
}

async function confirmOrder(text: string): Promise<string> {
  await Promise.resolve()
  const address = parseAddress(text)
  return `Sent to ${address.street}, ${address.postcode}`
}
