/**
 * Runs one asynchronous piece of work after the other, in the order asked for: sessions reuse their input memory, so
 * two runs at a time would overwrite each other's pictures. A failure is its caller's and does not stop the next one.
 */
export const inOrder = (): (<Result>(work: () => Promise<Result>) => Promise<Result>) => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}
