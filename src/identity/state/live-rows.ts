import { z } from 'zod'
import type { Template } from '../../math/template.ts'
import { unit } from '../../math/vector.ts'
import type { CameraRecord } from '../cameras.ts'
import type { SavedLive, SavedTracklet } from './saved-live.ts'

/** A separately written part of the live state: a commit writes only the rows that have changed. */
export interface LiveRow extends LiveKey {
  /** Plain values that `v8.serialize` keeps exactly. Biometric data. */
  readonly value: unknown
}

/** Names a row. */
export interface LiveKey {
  readonly kind: 'version' | 'camera' | 'tracklet' | 'template' | 'touched' | 'rule' | 'given-rule' | 'seam' | 'place'
  /** A camera's name, a tracklet's key, or a rule and a person, a rule; empty for the rows that exist once. */
  readonly key: string
}

/** A change of the live state. */
export interface LiveChange {
  /** Rows to write; each replaces the row of its kind and key. */
  readonly put: readonly LiveRow[]
  /** Rows to delete. */
  readonly gone: readonly LiveKey[]
}

/** A tracklet as one or two rows: its template changes less often. The mean is left out where `sum` gives it. */
const trackletRows = ({ template, ...rest }: SavedTracklet): LiveRow[] => {
  const key = `${rest.key}`
  const row: LiveRow = { kind: 'tracklet', key, value: rest }
  if (!template) return [row]
  const { sum, weight, faces, mean } = template
  return [row, { kind: 'template', key, value: { sum, weight, faces, mean: unit(sum) ? null : mean } }]
}

/** The rows of a live state. With `changed`, only those of tracklets with these keys, and all that are no tracklets. */
export const rowsOf = (live: SavedLive, changed?: ReadonlySet<number>): LiveRow[] => [
  { kind: 'version', key: '', value: live.version },
  ...live.cameras.map(([key, record], place): LiveRow => ({ kind: 'camera', key, value: { place, record } })),
  ...live.tracklets.flatMap((one) => (!changed || changed.has(one.key) ? trackletRows(one) : [])),
  { kind: 'touched', key: '', value: live.touched },
]

/** The rows of a forgotten tracklet. */
export const goneRows = (key: number): LiveKey[] => [
  { kind: 'tracklet', key: `${key}` },
  { kind: 'template', key: `${key}` },
]

const count = z.int().min(0)
/** Times may be infinite. */
const time = z.custom<number>((value) => typeof value === 'number' && !Number.isNaN(value), 'expected a number')
const camera = z.object({
  place: count,
  record: z.looseObject({ streams: z.instanceof(Map), nowMs: time, reclusteredMs: time, changes: count }),
})
const tracklet = z.looseObject({
  key: count,
  state: z.string(),
  track: z.string(),
  camera: z.string(),
  firstMs: time,
  frames: count,
  bestQuality: z.number(),
  doubtful: z.boolean(),
  goodFromMs: time,
  goodUntilMs: time,
  lastMs: time,
  person: z.string().nullable(),
  before: z.string().nullable(),
  coOccurrences: z.array(z.tuple([count, z.number()])),
  coOccurringPeople: z.array(z.tuple([z.string(), z.number()])),
  decision: z.looseObject({ reason: z.string() }),
  joinedOrder: count,
  endedOrder: count,
})
const template = z.object({
  sum: z.instanceof(Float64Array),
  weight: z.number(),
  faces: count,
  mean: z.instanceof(Float32Array).nullable(),
})

/** Returns the row's value, not a copy. Throws an Error that names the row and what was expected. */
const checked = <T>(schema: z.ZodType, { kind, key, value }: LiveRow): T => {
  const { error } = schema.safeParse(value)
  const [issue] = error?.issues ?? []
  if (issue) throw new Error([kind, key, ...issue.path].join(' ').concat(`: ${issue.message}`))
  return value as T
}

/** Reads a live state from its rows. Throws an Error for an unknown version and for a row of another shape. */
export const liveFrom = (rows: readonly LiveRow[]): SavedLive => {
  const of = (kind: LiveRow['kind']): LiveRow[] => rows.filter((row) => row.kind === kind)
  const [version] = of('version')
  if (version?.value !== 2) throw new Error(`version ${String(version?.value)}, expected 2`)
  const templates = new Map(of('template').map((row) => [row.key, templateFrom(checked(template, row))]))
  const cameras = of('camera')
    .map((row) => ({ name: row.key, ...checked<{ place: number; record: CameraRecord }>(camera, row) }))
    .sort((a, b) => a.place - b.place)
  const tracklets = of('tracklet').map((row) => ({
    // Earlier versions did not say it.
    waits: false,
    provisional: null,
    ...checked<Omit<SavedTracklet, 'template' | 'waits' | 'provisional'>>(tracklet, row),
    template: templates.get(row.key) ?? null,
  }))
  return {
    version: 2,
    cameras: cameras.map(({ name, record }) => [name, record]),
    tracklets: tracklets.sort((a, b) => a.key - b.key) as SavedTracklet[],
    touched: of('touched').flatMap((row) => checked<SavedLive['touched']>(z.array(z.string()), row)),
  }
}

const templateFrom = ({
  mean,
  ...rest
}: Omit<Template, 'mean'> & { readonly mean: Float32Array | null }): Template => ({
  ...rest,
  mean: mean ?? (unit(rest.sum) as Float32Array),
})
