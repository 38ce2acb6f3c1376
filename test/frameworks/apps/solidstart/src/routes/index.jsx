export default function Home() {
  const boom = () => {
    throw new Error('boom in the browser')
  }
  return (
    <button id="boom" type="button" onClick={boom}>
      boom
    </button>
  )
}
