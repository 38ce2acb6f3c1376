import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/')({ component: Home })

function Home() {
  const boom = () => {
    throw new Error('boom in the browser')
  }
  return (
    <button id="boom" type="button" onClick={boom}>
      boom
    </button>
  )
}
