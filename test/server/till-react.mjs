import * as Sentry from '@sentry/react'
import { createElement as h, useState } from 'react'
import { createRoot } from 'react-dom/client'

function Receipt({ paid }) {
  if (paid) throw new TypeError(`a receipt for ${paid}`)
  return null
}

function Till() {
  const [paid, setPaid] = useState(false)
  return h('div', {}, h('button', { type: 'button', onClick: () => setPaid(true) }, 'Pay'), h(Receipt, { paid }))
}

// The build defines `SHOP_DSN`.
Sentry.init({ dsn: SHOP_DSN, environment: 'test' })
const root = document.body.appendChild(document.createElement('div'))
createRoot(root).render(h(Sentry.ErrorBoundary, { fallback: h('p', {}, 'Out of order') }, h(Till)))
