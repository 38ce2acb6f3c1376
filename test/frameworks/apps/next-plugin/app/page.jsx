import { Basket } from './basket.jsx'

export default function Page() {
  return (
    <main>
      <h1>Mapseal on Next</h1>
      <Basket items={['apple', 'pear']} />
    </main>
  )
}
