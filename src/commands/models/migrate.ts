import { RollcallError } from '../../errors.ts'
import { compareSpaces, type SpaceScores, type SpacesCompared } from '../../evaluate/compare-spaces.ts'
import { type FacePair, fitMap } from '../../evaluate/fit-map.ts'
import { percent, three } from '../../evaluate/report/numbers.ts'
import { carryOver, requireCarryable } from '../../identity/store/carry-over.ts'
import { mapped } from '../../math/mapped.ts'
import { type EmbeddingMap, readMap, writeMap } from '../../vision/embedding-map.ts'
import { parseWords } from '../arguments.ts'
import { report } from '../eval/arguments.ts'
import { findBoth, type MigrationFiles, named, openBoth } from './both-embedders.ts'
import { footageSeenByBoth, photosSeenByBoth } from './seen-by-both.ts'

const help = `rollcall models migrate OLD NEW [OPTIONS]

Carries known people over from one embedder to another, without photos of them: both embedders look at the same faces of any
people, and a linear map is fitted from the old space into the new one. Nobody's ID changes.

  OLD, NEW         embedders: names in --models, or paths of .onnx files
  --photos DIR     the faces: a folder with a folder of photos for each person, a hundred people or more, of any people
                   (default: the rendered people of the project's footage, which is enough for related models only)
  --state DIR      carries the people in this directory over; may be repeated. No rollcall may be running on it.
                   Without it nothing is changed
  --out FILE       writes the map
  --map FILE       takes the map of an earlier --out; then no faces are needed
  --models DIR     where OLD, NEW and the detector are (default: those that come with Rollcall)
  --detector NAME  the one to use when the directory has several
  --json           the whole result as JSON`

const options = {
  photos: { type: 'string' },
  state: { type: 'string', multiple: true },
  out: { type: 'string' },
  map: { type: 'string' },
  models: { type: 'string' },
  detector: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
type Values = ReturnType<typeof parseWords<typeof options>>['values']

/** Fewer people say nothing about people who were left out. */
const fewestPeople = 5
/** Pairs of more faces than this take minutes to compare. */
const mostCompared = 3000

/** A fitted map with what it is worth; nothing is known of one that was read. */
interface Fitted {
  readonly map: EmbeddingMap
  readonly scores: SpacesCompared | null
}

const fitted = async (files: MigrationFiles, { photos }: Values): Promise<Fitted> => {
  const both = await openBoth(files)
  let pairs: FacePair[]
  try {
    pairs = photos === undefined ? await footageSeenByBoth(both) : await photosSeenByBoth(photos, both)
  } finally {
    await both.close()
  }
  const people = new Set(pairs.map(({ group }) => group)).size
  if (people < fewestPeople)
    throw new RollcallError(
      'USAGE',
      `models migrate: ${pairs.length} faces of ${people} people were found, expected ${fewestPeople} people or more`,
      { remedy: 'give --photos of more people, with a face in each photo' },
    )
  const { matrix, prior, ridge, agreement, heldOut } = fitMap(pairs)
  const step = Math.ceil(pairs.length / mostCompared)
  const compared = pairs.flatMap((pair, i) => {
    const carried = heldOut[i]
    return carried && i % step === 0 ? [{ ...pair, carried }] : []
  })
  const [from, to] = [named(files.old), named(files.fresh)]
  return {
    map: { from, to, faces: pairs.length, prior, ridge, agreement: Number(agreement.toFixed(5)), matrix },
    scores: compareSpaces(compared),
  }
}

const read = async (file: string, files: MigrationFiles): Promise<Fitted> => {
  const map = await readMap(file)
  for (const [role, model] of [
    ['from', files.old],
    ['to', files.fresh],
  ] as const)
    if (map[role].sha256 !== model.sha256)
      throw new RollcallError(
        'MODEL_INVALID',
        `--map: ${file}: ${role}: it was fitted for ${map[role].name} (${map[role].sha256.slice(0, 12)}…), not for ${model.name} (${model.sha256.slice(0, 12)}…)`,
        { remedy: 'Name the models of the map, in its order, or fit it anew with --out FILE.' },
      )
  return { map, scores: null }
}

const rowOf = (what: string, { val, standardError, cosine, sameMedian, pairs }: SpaceScores) => [
  what,
  `${percent(val)} ± ${percent(standardError)}`,
  three(cosine),
  three(sameMedian),
  `${pairs.same} + ${pairs.different}`,
]

const textOf = ({ map, scores }: Fitted) => [
  `${map.from.name} (${map.from.dimensions} numbers) to ${map.to.name} (${map.to.dimensions} numbers): fitted from ${map.faces} faces; a face that was left out has a cosine of ${three(map.agreement)} to itself`,
  ...(scores
    ? [
        {
          head: ['gallery, searched with', 'VAL at FAR 1e-3', 'cosine', 'median of one person', 'pairs'],
          rows: [
            rowOf('old, old', scores.oldOld),
            rowOf('new, new', scores.newNew),
            rowOf('old carried over, new', scores.newOld),
          ],
        },
      ]
    : []),
]

/**
 * `rollcall models migrate OLD NEW`. Resolves to 0; throws USAGE for options and photos, MODEL_MISSING and MODEL_INVALID for models
 * and maps, and STATE for a state that is in use or of another embedder.
 */
export const migrate = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseWords('models migrate', args, options)
  if (values.help) {
    console.log(help)
    return 0
  }
  const [old, fresh] = positionals
  if (old === undefined || fresh === undefined || positionals.length > 2)
    throw new RollcallError('USAGE', `models migrate: expected OLD NEW, found ${positionals.length} words`, {
      remedy: 'see rollcall models migrate --help',
    })
  const files = await findBoth({ ...values, old, fresh })
  // A wrong directory shows before the minutes of fitting.
  for (const directory of values.state ?? []) requireCarryable(directory, named(files.old))
  const found = values.map === undefined ? await fitted(files, values) : await read(values.map, files)
  const { map } = found
  if (values.out !== undefined) writeMap(values.out, map)
  const states = (values.state ?? []).map((directory) => ({
    directory,
    ...carryOver(directory, { from: map.from, to: map.to, map: (direction) => mapped(direction, map.matrix) }),
  }))
  const { matrix: _, ...about } = map
  await report(values, {
    result: { ...about, scores: found.scores, states },
    page: () => '',
    text: [
      ...textOf(found),
      ...states.map(
        ({ directory, people, looks }) => `${directory}: ${people} people carried over, ${looks} looks; same IDs`,
      ),
      ...(values.out === undefined ? [] : [`the map is in ${values.out}`]),
    ],
  })
  return 0
}
