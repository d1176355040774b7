/** Does something with each value, at most `together` at a time, in their order. */
export const inTurn = async <T>(
  values: readonly T[],
  together: number,
  work: (value: T) => Promise<void>,
): Promise<void> => {
  const waiting = [...values]
  const workers = Array.from({ length: together }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  })
  await Promise.all(workers)
}
