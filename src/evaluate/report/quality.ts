import type { Predicted, QualityResult } from '../predicted/calibration.ts'
import { percent, three, two } from './numbers.ts'
import { page, table } from './page.ts'
import { calibrationPlot } from './plots.ts'
import type { NamedTable } from './reports.ts'

const orDash = (value: number | null, words: (value: number) => string): string => (value === null ? '–' : words(value))

const binsTable = ({ bins }: Predicted, said: string, actual: string): NamedTable => ({
  head: [said, 'looks', 'mean', actual],
  rows: bins.map(({ from, looks, said: mean, actual: is }) => [
    `${from.toFixed(1)}–${(from + 0.1).toFixed(1)}`,
    looks,
    three(mean),
    three(is),
  ]),
})

const named = (result: QualityResult) => ({
  expected: binsTable(result.expected, 'expected cosine', 'actual cosine'),
  quality: binsTable(result.quality, 'quality', 'nearest is the same person'),
  kinds: {
    head: ['view', 'looks', 'lost', 'quality', 'expected', 'actual', 'nearest is right'],
    rows: result.kinds.map(({ kind, looks, lost, quality, expected, actual, right }) => [
      kind,
      looks,
      lost,
      orDash(quality, two),
      orDash(expected, two),
      orDash(actual, two),
      orDash(right, percent),
    ]),
  },
})

/** The tables: by expected cosine, by quality, by kind of view. */
export const qualityTables = (result: QualityResult): NamedTable[] => Object.values(named(result))

/** The correlations in one line. */
export const qualityInWords = ({ expected, quality }: QualityResult): string =>
  `expected and actual cosine: r ${orDash(expected.correlation, three)}, by ranks ${orDash(expected.rankCorrelation, three)}, mean distance ${three(expected.calibrationError)}; quality and the nearest being right: r ${orDash(quality.correlation, three)}`

/** The report as HTML. `models` names the models, in words. */
export const qualityPage = (result: QualityResult, models: string): string => {
  const { expected, quality, kinds } = named(result)
  const headline = (label: string, value: number | null) => ({ label, value: orDash(value, three) })
  return page(
    'Quality',
    `${result.photos} photos of ${result.people} people, each as it is and in worse views; ${models}. ${result.withoutFace.length} without a face and ${result.unreadable.length} unreadable are left out.`,
    [
      headline('expected and actual cosine, r', result.expected.correlation),
      headline('the same by ranks', result.expected.rankCorrelation),
      headline('mean distance of the two', result.expected.calibrationError),
      headline('quality and being right, r', result.quality.correlation),
    ],
    [
      {
        title: 'Expected cosine',
        note: 'To the right the cosine that a crop lets expect to the same face seen clearly, up what it is. On the dashed line the two are equal; below it too much is expected.',
        body:
          calibrationPlot(result.expected.bins, 'expected cosine; vertical: actual cosine') +
          table(expected.head, expected.rows),
      },
      {
        title: 'Quality',
        note: 'To the right the quality of a face, up the share whose nearest face of all other photos is the same person’s. It should rise; it need not be on the line, because quality is a weight.',
        body:
          calibrationPlot(result.quality.bins, 'quality; vertical: the nearest is the same person') +
          table(quality.head, quality.rows),
      },
      { title: 'Views', note: 'Means of each kind of view.', body: table(kinds.head, kinds.rows) },
    ],
  )
}
