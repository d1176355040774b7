import { scoreClustering } from '../../evaluate/clustering.ts'
import { readLabels } from '../../evaluate/read-labels.ts'
import { clusteringPage, clusteringTable } from '../../evaluate/report/reports.ts'
import { outputOptions, parseWithFiles, report } from './arguments.ts'

const help = `rollcall eval clustering FILE [--json] [--html FILE]

Scores labels against the truth: BCubed, pairwise, NMI, ARI, WCP, IDs per person.
FILE has one line for each face: {"truth": "anna", "predicted": "p-1"}. A face with predicted null is a cluster of its own.`

/** `rollcall eval clustering`. Resolves to 0; throws USAGE for options or a file that cannot be read. */
export const clustering = async (args: readonly string[]): Promise<number> => {
  const { values, files } = parseWithFiles('clustering', args, outputOptions, ['FILE'])
  if (values.help) {
    console.log(help)
    return 0
  }
  const faces = await readLabels(files[0] ?? '')
  const scores = scoreClustering(
    faces.map(({ truth, id, alone }) => ({ truth, predicted: id === null ? `none ${alone}` : `id ${id}` })),
  )
  // Faces without an ID are clusters of their own for the scores, but count as no IDs.
  const ids = new Set(faces.flatMap(({ id }) => id ?? [])).size
  const unassigned = faces.filter(({ id }) => id === null).length
  const result = { ...scores, ids, idsPerPerson: ids / scores.people, unassigned }
  await report(values, { result, text: [clusteringTable(result)], page: () => clusteringPage(result, faces) })
  return 0
}
