/** A mark `//= name` at the end of a line is the function that a frame there is in; `-` for one without a name. */
import type { Cases } from './cases.ts'

type Listener = (order: number) => void

function saveOrder(order: number): void {
  if (order > 0) throw new Error('save') //= saveOrder
}

function removeOrder(order: number): void {
  if (order > 0) throw new Error('remove') //= removeOrder
}

function emit(listeners: Listener[], order: number): void {
  for (const listener of listeners) listener(order) //= emit
}

const bus = {
  handlers: new Map<string, Listener[]>(),
  on(event: string, handler: Listener) {
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler])
  },
  emit(event: string, order: number) {
    for (const handler of this.handlers.get(event) ?? []) {
      handler(order) //= emit
    }
  },
}
bus.on('paid', function sendReceipt(order) {
  if (order > 0) throw new Error('receipt') //= sendReceipt
})
bus.on('sent', order => {
  if (order > 0) throw new Error('sent') //= -
})

function withRetry(action: Listener, order: number): void {
  try {
    action(order)
  } catch {
    action(order) //= withRetry
  }
}

const chargeCard: Listener = order => {
  if (order > 0) throw new Error('charge') //= chargeCard
}

function priceOf(item: { price?: number }): number {
  if (item.price === undefined) throw new Error('price') //= priceOf
  return item.price
}

function totalOf(items: { price?: number }[]): number {
  return items
    .map(item => {
      return priceOf(item) //= -
    })
    .reduce((sum, price) => sum + price, 0)
}

function findCheapest(items: { price?: number }[]): unknown {
  return [...items].sort(byPrice)[0] //= findCheapest
}

function byPrice(one: { price?: number }, other: { price?: number }): number {
  if (other.price === undefined || one.price === undefined) throw new Error('sort') //= byPrice
  return one.price - other.price
}

function isPaid(order: { paid?: boolean }): boolean {
  if (order.paid === undefined) throw new Error('filter') //= isPaid
  return order.paid
}

function replaceWord(word: string): string {
  throw new Error(`replace ${word}`) //= replaceWord
}

function makeCounter(limit: number) {
  let count = 0
  return function countUp() {
    if (++count > limit) throw new Error('count') //= countUp
    return count
  }
}

const compose =
  (...steps: ((value: number) => number)[]) =>
  (value: number) =>
    steps.reduce((result, step) => step(result), value)

const double = (value: number) => value * 2
const failOnEven = (value: number) => {
  if (value % 2 === 0) throw new Error('even') //= failOnEven
  return value
}

const ROUTES: Record<string, () => void> = {
  '/cart': function showCart() {
    throw new Error('cart') //= showCart
  },
  '/orders': () => {
    throw new Error('orders') //= /orders|-
  },
}

function navigate(path: string): void {
  const route = ROUTES[path]
  route?.() //= navigate
}

function revive(key: string, value: unknown): unknown {
  if (key === 'broken') throw new Error('revive') //= revive
  return value
}

export const cases: Cases = {
  'listener saves': () => emit([saveOrder], 1),
  'listener removes': () => emit([() => {}, removeOrder], 1),
  'bus, named': () => bus.emit('paid', 1),
  'bus, anonymous': () => bus.emit('sent', 1),
  'retried callback': () => withRetry(chargeCard, 1),
  'map, reduce': () => totalOf([{}]),
  sort: () => findCheapest([{}, {}]),
  filter: () => [{}].filter(isPaid),
  replace: () => 'a b'.replace(/\w/g, replaceWord),
  closure: () => makeCounter(0)(),
  composed: () => compose(double, failOnEven)(2),
  'route, named': () => navigate('/cart'),
  'route, property': () => navigate('/orders'),
  reviver: () => JSON.parse('{"broken":1}', revive),
}
