/** Runs `work` over all items, at most `limit` at a time. The first error ends it, once what is under way has ended. */
export async function inParallel<Item>(
  items: AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  let hasFailed = false
  const worker = async () => {
    while (!hasFailed) {
      const { done, value } = await iterator.next()
      if (done) return
      await work(value)
    }
  }
  const watched = () =>
    worker().catch(cause => {
      hasFailed = true
      throw cause
    })
  const outcomes = await Promise.allSettled(Array.from({ length: limit }, watched))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
