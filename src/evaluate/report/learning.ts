import type { LearningResult } from '../learning.ts'
import { four, two } from './numbers.ts'
import { page, table } from './page.ts'
import type { NamedTable } from './reports.ts'

/** One row for each run of the engine; "after 2 h" is over the faces of that time. */
export const learningTable = ({ right, wrong, learned }: LearningResult): NamedTable => ({
  head: ['curves', 'F', 'precision', 'IDs per person', 'F after 2 h'],
  rows: Object.entries({ right, wrong, learned }).map(([name, { all, late }]) => [
    name,
    four(all.bcubedF),
    four(all.bcubedP),
    two(all.idsPerPerson),
    late ? four(late.bcubedF) : '–',
  ]),
})

/** The report as HTML. `what` names the stream. */
export const learningPage = (what: string, result: LearningResult): string => {
  const { head, rows } = learningTable(result)
  return page(
    'Learning from the place',
    what,
    [{ label: 'scores too high at the start', value: two(result.shift) }],
    [
      {
        title: 'Three runs of the engine',
        note: 'With the right curve; with the wrong one; with the wrong one while it learns as a live site does.',
        body: table(head, rows),
      },
    ],
  )
}
