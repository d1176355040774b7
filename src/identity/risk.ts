/**
 * P(one person | score) = 1 / (1 + exp(−slope · (score − midpoint))), where one and two people are equally frequent. Fitted on
 * press photos of 444 people, each photo a track, against a person of two or four other photos: slopes 20 to 26, midpoints .34 to
 * .42 with the shipped and the public models (docs/decisions/0031-one-number.md).
 */
const curve = { slope: 22, midpoint: 0.38 } as const

/** Nothing is more certain, nor less: 4 decimals are published. */
const [least, most] = [0.0001, 0.9999]

/** The probability, 0.0001 to 0.9999, that two with this score are one person, if nothing else is known. */
export const probabilityOf = (score: number): number =>
  Math.min(most, Math.max(least, 1 / (1 + Math.exp(-curve.slope * (score - curve.midpoint)))))

/** By how much a score may be less where two are one person with this probability, not one half, before they are compared. */
export const scoreOfOdds = (probability: number): number => Math.log(probability / (1 - probability)) / curve.slope

/**
 * How fast wrong visits become rare when all thresholds rise: by e^26 for one, so four times for .053. On the hard level with 444
 * people a rise of .045 left a quarter, and a fall of .06 made three times as many.
 */
const fall = 26

/** The default of `identity.risk`: what `defaultThresholds` gave on the hard level with 444 people; fewer people have fewer. */
export const defaultRisk = 3

/** The thresholds on scores that follow from `defaultRisk`. */
export const defaultThresholds = { join: 0.64, create: 0.55, leave: 0.54, merge: 0.74, split: 0.66 } as const

/** The names of the thresholds that follow from `identity.risk`. */
export type ThresholdName = keyof typeof defaultThresholds

/** The thresholds that follow from a risk, 4 decimals: all are moved by as much. */
export const thresholdsFor = (risk: number): Readonly<Record<ThresholdName, number>> => {
  const by = Math.log(defaultRisk / risk) / fall
  const entries = Object.entries(defaultThresholds).map(([name, at]) => [name, Math.round((at + by) * 1e4) / 1e4])
  return Object.fromEntries(entries) as Readonly<Record<ThresholdName, number>>
}
