function boom() {
  throw new Error('boom on the server')
}

export default defineEventHandler(() => {
  try {
    boom()
  } catch (error) {
    return error.stack
  }
})
