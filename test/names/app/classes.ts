import type { Cases } from './cases.ts'

abstract class Store<Item> {
  protected items: Item[] = []

  constructor(name: string) {
    if (name === '') throw new Error('name') //= Store
  }

  add(item: Item): this {
    this.validate(item) //= add
    this.items.push(item)
    return this
  }

  protected abstract validate(item: Item): void
}

class Cart extends Store<number> {
  static readonly limit = 10
  #discount = 2

  constructor(name = '') {
    super(name) //= Cart
  }

  static parse(text: string): Cart {
    if (!text.startsWith('[')) throw new Error('parse') //= parse
    return new Cart('parsed')
  }

  get total(): number {
    return this.#reduced(this.items.length) //= total
  }

  set discount(value: number) {
    if (value > 9) throw new Error('discount') //= discount
    this.#discount = value
  }

  #reduced(count: number): number {
    if (count === 0) throw new Error('empty') //= #reduced|reduced
    return count - this.#discount
  }

  protected validate(item: number): void {
    if (item > Cart.limit) throw new Error('limit') //= validate
  }

  handleClick = (): void => {
    this.remove(-1) //= handleClick
  }

  remove(index: number): void {
    if (index < 0) throw new Error('index') //= remove
    this.items.splice(index, 1)
  }

  *[Symbol.iterator](): Generator<number> {
    if (this.items.length === 0) throw new Error('iterate') //= [Symbol.iterator]|-
    yield* this.items
  }

  toJSON(): unknown {
    throw new Error('json') //= toJSON
  }
}

const Printer = class {
  print(): void {
    throw new Error('paper') //= print
  }
}

const settings = {
  get theme(): string {
    throw new Error('theme') //= theme
  },
  load(): void {
    this.read() //= load
  },
  read: function readSettings() {
    throw new Error('read') //= readSettings
  },
}

function Legacy(this: { run: () => void }) {
  this.run = () => {
    throw new Error('legacy') //= run
  }
}
Legacy.prototype.stop = () => {
  throw new Error('stop') //= stop
}

type LegacyClass = new () => { run: () => void; stop: () => void }

export const cases: Cases = {
  'base class': () => new Cart(),
  inherited: () => new Cart('a').add(11),
  static: () => Cart.parse('x'),
  getter: () => new Cart('a').total,
  setter: () => {
    new Cart('a').discount = 10
  },
  'arrow field': () => {
    const { handleClick } = new Cart('a')
    handleClick()
  },
  iterator: () => [...new Cart('a')],
  'called by JSON': () => JSON.stringify(new Cart('a')),
  'class expression': () => new Printer().print(),
  'getter of an object': () => settings.theme,
  'method of an object': () => settings.load(),
  'property of an instance': () => new (Legacy as unknown as LegacyClass)().run(),
  'method of a prototype': () => new (Legacy as unknown as LegacyClass)().stop(),
}
