import type { Calibration } from '../../vision/calibration.ts'
import { percent, three } from './numbers.ts'
import { page, table } from './page.ts'
import type { NamedTable } from './reports.ts'

/** One row for each target FAR: the cosine, VAL and the real FAR. */
export const farTable = ({ fars }: Calibration): NamedTable => ({
  head: ['FAR at most', 'cosine', 'VAL', 'FAR'],
  rows: fars.map(({ targetFar, cosine, val, far }) => [
    targetFar.toExponential(0),
    three(cosine),
    three(val),
    far.toExponential(1),
  ]),
})

/** The report of a calibration as HTML. `models` names the models, in words. */
export const calibrationPage = (result: Calibration, models: string): string => {
  const { head, rows } = farTable(result)
  const likely = [-0.2, -0.1, -0.05, 0, 0.05, 0.1, 0.2].map((by) => [
    three(result.midpoint + by),
    three(1 / (1 + Math.exp(-result.slope * by))),
  ])
  const spread = (name: string, { mean, standardDeviation, median }: Calibration['same']) => [
    name,
    three(mean),
    three(standardDeviation),
    three(median),
  ]
  return page(
    'Calibration',
    `${result.photos} photos of ${result.people} people, ${result.pairs.same} pairs of one person and ${result.pairs.different} of two; ${models}.`,
    [
      { label: 'equally likely at cosine', value: three(result.midpoint) },
      { label: 'slope', value: result.slope.toFixed(2) },
      { label: 'equal error rate', value: percent(result.eer) },
    ],
    [
      {
        title: 'How likely the same person',
        note: 'From the cosine alone, where same and different are equally likely before.',
        body: table(['cosine', 'P(same)'], likely),
      },
      {
        title: 'False accepts',
        note: 'Above the cosine at most this share of the pairs of two people is accepted, and VAL of the pairs of one.',
        body: table(head, rows),
      },
      {
        title: 'Cosines',
        note: 'Of all pairs.',
        body: table(
          ['', 'mean', 'standard deviation', 'median'],
          [spread('one person', result.same), spread('two people', result.different)],
        ),
      },
    ],
  )
}
