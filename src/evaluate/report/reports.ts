import type { ClusteringScores } from '../clustering.ts'
import type { IdentitiesResult } from '../identities.ts'
import type { IdentityBenchmark, Judged } from '../identity-scores.ts'
import type { TrackingScores } from '../tracking.ts'
import type { VerificationResult } from '../verify.ts'
import { four, percent, three, two } from './numbers.ts'
import { type Cell, page, table } from './page.ts'
import { histogramPlot, rocPlot, timelinePlot } from './plots.ts'

/** A table for the terminal and for the page. The first cell of a row is its name. */
export interface NamedTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** VAL at each target FAR: over the folds' pairs and over all pairs. */
export const valTable = ({ pairs, allPairs }: VerificationResult): NamedTable => ({
  head: ['FAR at most', 'VAL, folds’ pairs', 'VAL, all pairs', 'cosine, all pairs'],
  rows: allPairs.val.map(({ targetFar, val, threshold }, i) => [
    targetFar.toExponential(0),
    three(pairs.val[i]?.val ?? 0),
    three(val),
    three(1 - threshold / 2),
  ]),
})

const row = (name: string, scores: IdentityBenchmark): Cell[] => [
  name,
  four(scores.bcubedF),
  four(scores.bcubedP),
  four(scores.bcubedR),
  two(scores.idsPerPerson),
  three(scores.idf1),
  scores.idSwitches,
  percent(scores.live),
]

/** The engine's scores beside those of the baselines. */
export const identitiesTable = (result: IdentitiesResult): NamedTable => {
  const { nearestCentroid, windowClustering, onlineCentroid, averageLinkage, coreFaces, trackerAlone, dbscan } =
    result.baselines
  const tuned = (name: string, { best, lower, higher }: typeof nearestCentroid): Cell[][] => [
    row(`${name}, best threshold (${two(best.threshold)})`, best),
    row(`${name}, 0.1 lower`, lower),
    row(`${name}, 0.1 higher`, higher),
  ]
  return {
    head: ['', 'BCubed F', 'precision', 'recall', 'IDs/person', 'IDF1', 'switches', 'ID at once'],
    rows: [
      row('Rollcall', result),
      row('Rollcall, thresholds 0.08 lower', result.shifted.lower),
      row('Rollcall, thresholds 0.08 higher', result.shifted.higher),
      ...tuned('nearest centroid', nearestCentroid),
      ...tuned('window clustering', windowClustering),
      ...tuned('nearest centroid, face by face', onlineCentroid),
      ...tuned('average linkage, all known at once', averageLinkage),
      ...tuned('DBSCAN, a face a track', coreFaces),
      row('DBSCAN as in Immich', dbscan),
      row('tracker alone', trackerAlone),
    ],
  }
}

/** One row for each tracking score. */
export const trackingTable = (scores: TrackingScores): NamedTable => ({
  head: ['', ''],
  rows: [
    ['IDF1', four(scores.idf1)],
    ['HOTA', four(scores.hota)],
    ['AssA', four(scores.assA)],
    ['DetA', four(scores.detA)],
    ['MOTA', four(scores.mota)],
    ['MOTP', four(scores.motp)],
    ['ID switches', scores.idSwitches],
    ['false positives', scores.falsePositives],
    ['missed', scores.missed],
    ['people, IDs', `${scores.people}, ${scores.ids}`],
    ['frames', scores.frames],
  ],
})

/** One row for each clustering score. */
export const clusteringTable = (scores: ClusteringScores): NamedTable => ({
  head: ['', ''],
  rows: [
    ['BCubed precision', four(scores.bcubedP)],
    ['BCubed recall', four(scores.bcubedR)],
    ['BCubed F', four(scores.bcubedF)],
    ['pairwise precision', four(scores.pairP)],
    ['pairwise recall', four(scores.pairR)],
    ['pairwise F', four(scores.pairF)],
    ['NMI', four(scores.nmi)],
    ['ARI', four(scores.ari)],
    ['WCP', four(scores.wcp)],
    ['IDs per person', two(scores.idsPerPerson)],
    ['faces, people, IDs', `${scores.faces}, ${scores.people}, ${scores.ids}`],
  ],
})

const timeline = (faces: readonly Judged[]) => ({
  title: 'IDs over time',
  note: 'A row for each person, a colour for each ID, grey without an ID. A row of one colour is perfect. People with the most IDs come first.',
  body: timelinePlot(faces),
})

const bodyOf = ({ head, rows }: NamedTable): string => table(head, rows)

/** The report of a verification, with ROC curve and histogram. */
export const verificationPage = (result: VerificationResult): string => {
  const { photos, models } = result
  return page(
    'Verification',
    `${photos.used} photos of ${result.people} people, ${models.detector} and ${models.embedder}. A face was found in ${photos.found}, in ${photos.padded} with a margin around the photo, in ${photos.centred} not at all (the middle was taken); ${photos.unreadable.length} could not be read.`,
    [
      { label: 'accuracy, ten folds', value: percent(result.accuracy) },
      { label: 'standard error', value: `± ${percent(result.standardError)}` },
      { label: 'standard deviation', value: percent(result.standardDeviation) },
      { label: 'equal error rate, all pairs', value: percent(result.allPairs.eer) },
      { label: 'best cosine', value: three(result.bestCosine) },
    ],
    [
      {
        title: 'Validation rate',
        note: 'The share of same-person pairs accepted at a threshold that accepts at most this share of the others.',
        body: bodyOf(valTable(result)),
      },
      {
        title: 'ROC',
        note: 'All pairs. The further to the upper left, the better.',
        body: rocPlot(result.roc, result.allPairs.finestFar),
      },
      {
        title: 'Scores',
        note: 'All pairs, each kind scaled to its highest bin. Overlap is error.',
        body: histogramPlot(result.histogram, result.bestCosine),
      },
    ],
  )
}

/** The report of an evaluation of identities, with a timeline of IDs. `what` names the stream. */
export const identitiesPage = (what: string, result: IdentitiesResult, faces: readonly Judged[]): string =>
  page(
    'Identities',
    `${what}: ${result.faces} faces of ${result.people} people in ${result.tracks} tracks on ${result.cameras} cameras.`,
    [
      { label: 'BCubed F', value: four(result.bcubedF) },
      { label: 'BCubed precision', value: four(result.bcubedP) },
      { label: 'IDs per person', value: two(result.idsPerPerson) },
      { label: 'IDF1', value: three(result.idf1) },
    ],
    [
      {
        title: 'Compared with simpler ways',
        note: 'The same stream for all, after the same guard against swapped tracks. All baselines but the one face by face see a whole track before they decide, and their best threshold is chosen by the truth.',
        body: bodyOf(identitiesTable(result)),
      },
      timeline(faces),
    ],
  )

/** The report of labels against the truth, with a timeline of IDs. */
export const clusteringPage = (scores: ClusteringScores, faces: readonly Judged[]): string =>
  page(
    'Clustering',
    'Labels against the truth.',
    [{ label: 'BCubed F', value: four(scores.bcubedF) }],
    [
      { title: 'Scores', note: '1 is best, but for IDs per person.', body: bodyOf(clusteringTable(scores)) },
      timeline(faces),
    ],
  )

/** The report of predicted tracks against the truth, with a timeline of IDs. */
export const trackingPage = (scores: TrackingScores, faces: readonly Judged[]): string =>
  page(
    'Tracking',
    'Predicted tracks against the truth.',
    [
      { label: 'IDF1', value: four(scores.idf1) },
      { label: 'HOTA', value: four(scores.hota) },
      { label: 'ID switches', value: `${scores.idSwitches}` },
    ],
    [
      {
        title: 'Scores',
        note: 'IoU from 0.5 counts, but for HOTA, which averages over .05 … .95.',
        body: bodyOf(trackingTable(scores)),
      },
      timeline(faces),
    ],
  )
