import { NextResponse } from 'next/server'

function boom() {
  throw new Error('boom on the edge')
}

export function middleware({ nextUrl }) {
  try {
    if (nextUrl.pathname === '/api/edge') boom()
  } catch (error) {
    return new Response(error.stack)
  }
  return NextResponse.next({ headers: { 'x-runtime': 'edge' } })
}
