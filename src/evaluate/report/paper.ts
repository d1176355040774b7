import { facenet } from '../paper/facenet-figures.ts'
import type { PaperReport, PaperResult, PaperRow } from '../paper/tables.ts'
import type { VideoScores } from '../paper/videos.ts'
import { percent } from './numbers.ts'
import { page, type Section, table } from './page.ts'
import { detPlot, rocPlot } from './plots.ts'
import type { NamedTable } from './reports.ts'

const measured = ({ val, standardError }: { readonly val: number; readonly standardError: number }): string =>
  `${percent(val)} ± ${percent(standardError)}`

const theirs = (value: number | null): string => (value === null ? '–' : percent(value))

const rowsTable = (
  what: string,
  rows: readonly PaperRow[],
  source: string,
  nameOf: (value: number) => string,
): NamedTable => ({
  head: [what, 'VAL here', `FaceNet, ${source}`],
  rows: rows.map((row) => [nameOf(row.value), measured(row), theirs(row.facenet)]),
})

/** Multiply-adds in millions. */
const millions = (count: number | null): string => (count === null ? 'unknown' : `${Math.round(count / 1e6)} M`)

const videosTable = ({ accuracy, standardError, folds, byPerson, videos, people, frames, pairs }: VideoScores) => ({
  title: 'YouTube Faces’ protocol',
  note: `The distance of two videos is the mean over all pairs of their first hundred frames with a face. ${videos} videos of ${people} people, ${frames} frames, ${pairs} pairs.`,
  head: ['', 'accuracy'],
  rows: [
    [
      `videos here, ${folds} folds ${byPerson ? 'by person' : 'not by person'}`,
      `${percent(accuracy)} ± ${percent(standardError)}`,
    ],
    [
      `FaceNet on YouTube Faces (${facenet.youtubeFaces.section})`,
      `${percent(facenet.youtubeFaces.accuracy)} ± ${percent(facenet.youtubeFaces.standardError)}`,
    ],
  ],
})

/** FaceNet's tables as named tables: for the terminal, and for the page. */
export const paperNamedTables = (
  result: PaperReport,
): readonly (NamedTable & { readonly title: string; readonly note: string })[] => [
  {
    title: 'JPEG quality',
    note: 'Each face is cut out, with room around it, and compressed once more.',
    ...rowsTable('JPEG quality', result.jpegQuality, facenet.jpegQuality.table, (value) => `${value}`),
  },
  {
    title: 'Face size',
    note: 'Each face is made so small that the longer side of its box has so many pixels. One that is no larger stays as it is. FaceNet counts the pixels of its picture, 40² to 256².',
    ...rowsTable('face size', result.faceSize, facenet.faceSize.table, (value) => `${value}² px`),
  },
  {
    title: 'Dimensions',
    note: 'The embedding is projected onto the directions of most spread, fitted on the other folds. FaceNet trained a network for each, so only the order is to be compared.',
    ...rowsTable('dimensions (projected)', result.dimensions, facenet.dimensions.table, (value) => `${value}`),
  },
  {
    title: 'Models and what they cost',
    note: 'Multiply-adds of one face, counted in the ONNX graph. FaceNet’s networks below.',
    head: ['model', 'multiply-adds', 'dimensions', 'VAL'],
    rows: [
      ...result.models.map((model) => [model.name, millions(model.multiplyAdds), model.dimensions, measured(model)]),
      ...facenet.models.rows.map((row) => [
        `FaceNet ${row.name} (${facenet.models.table})`,
        millions(row.multiplyAdds),
        128,
        measured(row),
      ]),
    ],
  },
  {
    title: 'LFW’s protocol',
    note: 'As many pairs of one person as of two, in ten folds; each fold is judged by the threshold that is best on the others.',
    head: ['', 'accuracy'],
    rows: [
      [
        `here, ${result.lfw.folds} folds ${result.lfw.byPerson ? 'by person' : 'not by person'}`,
        `${percent(result.lfw.accuracy)} ± ${percent(result.lfw.standardError)}`,
      ],
      [
        `FaceNet on LFW (${facenet.lfw.section})`,
        `${percent(facenet.lfw.accuracy)} ± ${percent(facenet.lfw.standardError)}`,
      ],
    ],
  },
  ...(result.videos === null ? [] : [videosTable(result.videos)]),
]

/** What was measured, and how, in one sentence. */
export const paperAbout = ({ embedder, people, photos, differentPairs }: PaperResult): string =>
  `${embedder}: ${photos} photos of ${people} people. VAL at FAR 1e-3 ± standard error over five folds of people, threshold from the other folds (${differentPairs} pairs of two people in all). FaceNet’s figures are of other photos: compare the courses, not the heights.`

/** The report of `rollcall eval paper`, and what else is in it: self-contained HTML. */
export const paperPage = (result: PaperReport, more: readonly Section[] = []): string =>
  page(
    'FaceNet’s tables',
    paperAbout(result),
    [
      { label: 'VAL at FAR 1e-3', value: percent(result.plain.val) },
      { label: 'standard error', value: `± ${percent(result.plain.standardError)}` },
      { label: 'accuracy, LFW’s protocol', value: percent(result.lfw.accuracy) },
      { label: 'equal error rate, all pairs', value: percent(result.eer) },
    ],
    [
      ...paperNamedTables(result).map(
        ({ title, note, head, rows }): Section => ({ title, note, body: table(head, rows) }),
      ),
      {
        title: 'ROC',
        note: 'All pairs. The further to the upper left, the better.',
        body: rocPlot(result.roc, result.finestFar),
      },
      {
        title: 'DET',
        note: 'The same as errors, both logarithmic. The further to the lower left, the better.',
        body: detPlot(result.roc, result.finestFar),
      },
      ...more,
    ],
  )
