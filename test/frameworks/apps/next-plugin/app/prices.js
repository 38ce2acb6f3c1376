const prices = new Map([['apple', 3]])

/** @throws for what is not for sale */
export function priceOf(item) {
  const price = prices.get(item)
  if (price === undefined) throw new Error(`no price for ${item}`)
  return price
}
