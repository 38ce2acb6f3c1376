'use client'

import { useState } from 'react'
import { priceOf } from './prices.js'

export function Basket({ items }) {
  const [total, setTotal] = useState(0)
  return (
    <section>
      {items.map(item => (
        <button key={item} type="button" onClick={() => setTotal(total + priceOf(item))}>
          {item}
        </button>
      ))}
      <output>{total}</output>
    </section>
  )
}
