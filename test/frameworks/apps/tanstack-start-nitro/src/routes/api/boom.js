import { createFileRoute } from '@tanstack/react-router'

function boom() {
  throw new Error('boom on the server')
}

function GET() {
  try {
    boom()
  } catch (error) {
    return new Response(error.stack)
  }
}

export const Route = createFileRoute('/api/boom')({ server: { handlers: { GET } } })
