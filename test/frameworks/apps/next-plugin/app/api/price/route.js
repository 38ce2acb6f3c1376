import { priceOf } from '../../prices.js'

export const dynamic = 'force-dynamic'

/** Answers with the stack of an error, as a server would log it. */
export function GET() {
  try {
    return Response.json({ price: priceOf('plum') })
  } catch (error) {
    return new Response(error.stack, { status: 500 })
  }
}
