/** A number of things in words: `1 frame`, `0 frames`; `several` where the word gets no s. */
export const countOf = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`
