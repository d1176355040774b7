/** One result of a search. */
export interface Neighbour {
  /** The key that its vector was set with. */
  readonly key: number
  /** Inner product; the cosine of unit vectors. */
  readonly similarity: number
}

/** Keeps the `count` best of what is offered, best first; of equals the lower key comes first. */
export const createTopList = (count: number) => {
  const best: Neighbour[] = []
  const isBefore = (key: number, similarity: number, other: Neighbour): boolean =>
    similarity > other.similarity || (similarity === other.similarity && key < other.key)
  return {
    best,
    /** The similarity below which nothing is kept; −∞ while the list is not full. */
    least: (): number => best[count - 1]?.similarity ?? -Infinity,
    /** True when `offer` would keep it. */
    takes: (key: number, similarity: number): boolean =>
      best.length < count || isBefore(key, similarity, best[count - 1] as Neighbour),
    offer(key: number, similarity: number): void {
      let place = best.length
      while (place > 0 && isBefore(key, similarity, best[place - 1] as Neighbour)) place--
      best.splice(place, 0, { key, similarity })
      if (best.length > count) best.length = count
    },
  }
}
