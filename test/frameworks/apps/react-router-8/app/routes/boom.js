function boom() {
  throw new Error('boom on the server')
}

export function loader() {
  try {
    boom()
  } catch (error) {
    return new Response(error.stack)
  }
}
