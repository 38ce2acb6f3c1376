import type { Cases } from './cases.ts'
import openDrawer from './drawer.ts'
import closeDrawer from './lid.ts'

const tick = () => new Promise<void>(done => setTimeout(done, 0))

async function fetchOrder(id: number): Promise<number> {
  await tick()
  if (id === 0) throw new Error('fetch') //= fetchOrder
  return id
}

async function showOrder(id: number): Promise<void> {
  await fetchOrder(id) //= showOrder
}

const loadAll = async (ids: number[]): Promise<void> => {
  await Promise.all(
    ids.map(async id => {
      await fetchOrder(id) //= -
    }),
  )
}

function parseOrder(text: string): unknown {
  if (text === '') throw new Error('then') //= parseOrder
  return text
}

function retryLater(attempt: () => void): Promise<void> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      try {
        attempt() //= -
      } catch (error) {
        reject(error)
      }
    }, 0)
  })
}

function pollServer(): void {
  throw new Error('poll') //= pollServer
}

function* pages(last: number): Generator<number> {
  for (let page = 0; ; page++) {
    if (page === last) throw new Error('page') //= pages
    yield page
  }
}

function readPages(): number {
  let count = 0
  for (const page of pages(2)) count += page //= readPages
  return count
}

async function* events(): AsyncGenerator<number> {
  await tick()
  yield 1
  throw new Error('event') //= events
}

async function readEvents(): Promise<void> {
  for await (const event of events()) if (event > 1) return //= readEvents
}

const orders = {
  async save(): Promise<void> {
    await tick()
    throw new Error('save') //= save
  },
  pay: async () => {
    await orders.save() //= pay
  },
}

function cleanUp(): void {
  throw new Error('finally') //= cleanUp
}

const observer = {
  next(value: number) {
    if (value > 0) throw new Error('next') //= next
  },
}

function subscribe(target: { next: (value: number) => void }): Promise<void> {
  return tick().then(() => target.next(1)) //= -
}

export const cases: Cases = {
  'after await': () => showOrder(0),
  'async callback': () => loadAll([0]),
  'then callback': () => Promise.resolve('').then(parseOrder),
  'timer callback': () => retryLater(pollServer),
  generator: readPages,
  'async generator': readEvents,
  'async method': () => orders.pay(),
  'finally callback': () => Promise.resolve().finally(cleanUp),
  observer: () => subscribe(observer),
  'default function': () => openDrawer(),
  'default arrow': () => closeDrawer(),
}
