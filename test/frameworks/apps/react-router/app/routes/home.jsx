export default function Home() {
  return (
    <button
      onClick={() => {
        throw new Error('boom')
      }}
    >
      home
    </button>
  )
}
