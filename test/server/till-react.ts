import * as Sentry from '@sentry/react'
import { createElement as h, type ReactNode, useState } from 'react'
import { createRoot } from 'react-dom/client'

/** Defined by the build. */
declare const SHOP_DSN: string

function Receipt({ paid }: { paid: boolean }): ReactNode {
  if (paid) throw new TypeError(`a receipt for ${paid}`)
  return null
}

function Till(): ReactNode {
  const [paid, setPaid] = useState(false)
  return h('div', {}, h('button', { type: 'button', onClick: () => setPaid(true) }, 'Pay'), h(Receipt, { paid }))
}

Sentry.init({ dsn: SHOP_DSN, environment: 'test' })
const root = document.body.appendChild(document.createElement('div'))
createRoot(root).render(h(Sentry.ErrorBoundary, { fallback: h('p', {}, 'Out of order') }, h(Till)))
