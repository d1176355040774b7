/** Runs asynchronous work one after the other, in the order of the calls. A failure rejects its own call only. */
export const inOrder = (): (<Result>(work: () => Promise<Result>) => Promise<Result>) => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}
