/**
 * An exact fraction. Scores are sums of counts over counts. As doubles they depend on the order and 2/3 is missed by a
 * bit; as fractions they are the nearest double in any order. The golden values ask for that: with doubles BCubed F of
 * two of them is 4/7 and a bit (test/evaluate/golden.test.ts compares exactly).
 */
export interface Fraction {
  readonly above: bigint
  /** Above 0. */
  readonly below: bigint
}

/** 0 in lowest terms. */
export const zero: Fraction = { above: 0n, below: 1n }
/** 1 in lowest terms. */
export const one: Fraction = { above: 1n, below: 1n }

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b]
  while (y > 0n) [x, y] = [y, x % y]
  return x
}

/** A fraction in lowest terms. Both are whole numbers, and `below` is above 0. */
export const fraction = (above: number | bigint, below: number | bigint): Fraction => {
  const [a, b] = [BigInt(above), BigInt(below)]
  const common = gcd(a, b) || 1n
  return { above: a / common, below: b / common }
}

/** a + b in lowest terms. */
export const add = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.above * b.below + b.above * a.below, a.below * b.below)

/** a · b in lowest terms. */
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.above * b.above, a.below * b.below)

/** `a / b`; 0 when `b` is 0. */
export const over = (a: Fraction, b: Fraction): Fraction =>
  b.above === 0n ? zero : fraction(a.above * b.below, a.below * b.above)

/** 2PR / (P + R); 0 when both are 0. */
export const harmonicMean = (a: Fraction, b: Fraction): Fraction => over(times(fraction(2, 1), times(a, b)), add(a, b))

/** The nearest double. The fraction must not be negative. */
export const toNumber = ({ above, below }: Fraction): number => {
  if (above === 0n) return 0
  // 64 bits of quotient, the last of which is 1 when there is a remainder. So the conversion is the only rounding.
  const shift = BigInt(Math.max(0, 64 - (above.toString(2).length - below.toString(2).length)))
  const quotient = (above << shift) / below
  const rest = (above << shift) % below
  return Number(rest === 0n ? quotient : quotient | 1n) / 2 ** Number(shift)
}
