/** A fitted curve: P(yes | x) = 1 / (1 + exp(−slope · (x − midpoint))). */
export interface Logistic {
  readonly slope: number
  readonly midpoint: number
}

const softplus = (z: number): number => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)))
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))

const mostSteps = 100

/**
 * Fits a logistic regression on one variable by Newton's method. Both classes have the same weight, however many values
 * they have. J. Platt's targets (1999), a little short of 0 and 1, keep the slope finite where a threshold separates
 * the classes. Halved steps (H.-T. Lin, C.-J. Lin, R. Weng 2007) keep it from overshooting. Deterministic. Neither
 * class may be empty.
 */
export const fitLogistic = (yes: readonly number[], no: readonly number[]): Logistic => {
  const classes = [
    { values: yes, target: (yes.length + 1) / (yes.length + 2), weight: 0.5 / yes.length },
    { values: no, target: 1 / (no.length + 2), weight: 0.5 / no.length },
  ]
  const loss = (a: number, b: number): number => {
    let sum = 0
    for (const { values, target, weight } of classes)
      for (const x of values) sum += weight * (softplus(a * x + b) - target * (a * x + b))
    return sum
  }
  let [a, b] = [0, 0]
  let before = loss(a, b)
  for (let step = 0; step < mostSteps; step++) {
    // Gradient and Hessian. The small numbers on its diagonal keep it invertible when all values are equal.
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-12, 0, 1e-12]
    for (const { values, target, weight } of classes)
      for (const x of values) {
        const p = sigmoid(a * x + b)
        const [slant, bend] = [weight * (p - target), weight * p * (1 - p)]
        ga += slant * x
        gb += slant
        haa += bend * x * x
        hab += bend * x
        hbb += bend
      }
    const det = haa * hbb - hab * hab
    const [da, db] = [(hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det]
    let rate = 1
    let after = loss(a - da, b - db)
    while (!(after <= before) && rate > 1e-10) {
      rate /= 2
      after = loss(a - rate * da, b - rate * db)
    }
    if (!(after < before)) break
    ;[a, b] = [a - rate * da, b - rate * db]
    const gained = before - after
    before = after
    if (gained < 1e-14) break
  }
  return { slope: a, midpoint: -b / a }
}
