/** Resolves as soon as `condition` gives something; rejects when it has not by the deadline. */
export const until = async <T>(
  what: string,
  condition: () => T | null | undefined | false,
  deadlineMs = 10_000,
): Promise<T> => {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = condition()
    if (value !== null && value !== undefined && value !== false) return value
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
