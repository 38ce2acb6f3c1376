function boom() {
  throw new Error('boom on the server')
}

export function GET() {
  try {
    boom()
  } catch (error) {
    return new Response(error.stack)
  }
}
