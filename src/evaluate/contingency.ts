/** How many faces each true person and each predicted label have in common. */
export interface Contingency {
  readonly items: number
  /** Faces of each true person. */
  readonly truths: ReadonlyMap<string, number>
  /** Faces under each predicted label. */
  readonly labels: ReadonlyMap<string, number>
  /** label → truth → faces. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** One face: who it is, and the label that it was given. */
export interface Labelled {
  readonly truth: string
  readonly predicted: string
}

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Counts the faces of each pair of label and true person. */
export const contingencyOf = (faces: Iterable<Labelled>): Contingency => {
  const truths = new Map<string, number>()
  const labels = new Map<string, number>()
  const cells = new Map<string, Map<string, number>>()
  let items = 0
  for (const { truth, predicted } of faces) {
    items++
    count(truths, truth)
    count(labels, predicted)
    const row = cells.get(predicted) ?? new Map<string, number>()
    cells.set(predicted, row)
    count(row, truth)
  }
  return { items, truths, labels, cells }
}

/** Every pair with at least one face, and its count. */
export const eachCell = function* ({ cells }: Contingency): Generator<{ label: string; truth: string; both: number }> {
  for (const [label, row] of cells) for (const [truth, both] of row) yield { label, truth, both }
}
