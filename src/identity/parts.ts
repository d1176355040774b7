import type { RollcallEvent } from '../events/types.ts'
import type { TrackId, WallMs } from '../types.ts'
import { type Cameras, createCameras } from './cameras.ts'
import type { ClustererParts } from './clustering/clusterer.ts'
import { createLateJoins } from './clustering/late-joins.ts'
import { createRecluster, type Recluster } from './clustering/recluster.ts'
import { createTrackAssignments } from './clustering/track-assignments.ts'
import { createEvents, type Events } from './events/events.ts'
import { createTeller, type Teller } from './events/tell.ts'
import { type Acts, createActs } from './gallery/acts.ts'
import { createDeletion } from './gallery/deletion.ts'
import { createDuplicates, type Duplicates } from './gallery/duplicates.ts'
import type { Gallery } from './gallery/gallery.ts'
import { createGallery } from './gallery/gallery-actions.ts'
import { createRetention } from './gallery/retention.ts'
import { createDropping, type Dropping, type DroppingParts } from './objectors/drop-objectors.ts'
import { createDroppedTracks, type DroppedTracks } from './objectors/dropped-tracks.ts'
import { createObjections, type ObjectionParts, type Objections } from './objectors/objections.ts'
import { createObjectors, type Objectors } from './objectors/objectors.ts'
import { createEmbeddingCheck } from './observe.ts'
import type { IdentityOptions } from './options.ts'
import { createCoOccurrence } from './people/co-occurrence.ts'
import { type Compare, clarityOn, comparisonOn, leftOn, type Scale } from './people/evidence.ts'
import { createPeople, type People } from './people/people.ts'
import { createPlace, type Place } from './place/place.ts'
import { createSightings, emptyArchive, type SightingArchive, type Sightings } from './sightings/sightings.ts'
import { liveFrom } from './state/live-rows.ts'
import { restoreLive } from './state/live-state.ts'
import { createSettledTracks, noSettledArchive, type SettledArchive } from './state/settled-tracks.ts'
import type { SavedState } from './state/state.ts'
import { createStateChanges, type StateChanges } from './state/state-changes.ts'
import { createUnassignedTracks, noUnassignedArchive, type UnassignedArchive } from './state/unassigned-tracks.ts'
import { createExpiry, type Expiry } from './tracklets/expiry.ts'
import type { Evicted } from './tracklets/limits.ts'
import { createTentativeTracklets } from './tracklets/tentative.ts'
import { createTracklets, type Tracklets } from './tracklets/tracklets.ts'

/** What an engine starts with; all of it may be left out. */
export interface IdentitySetup {
  /** The name of the site, in the `source` of every event. It defaults to rollcall. */
  readonly site?: string
  /** The state of an earlier run. */
  readonly saved?: SavedState
  /**
   * Reads ended sightings, and past tracks. Without it, a sighting is never corrected and a settled track never taken
   * off its person after its change was taken.
   */
  readonly archive?: {
    readonly sightings: SightingArchive
    readonly settled: SettledArchive
    readonly unassigned: UnassignedArchive
  }
  /** The embedder's calibration. It defaults to that of the reference model. */
  readonly scale?: Scale
  /** Is called for each tracklet that a limit ended, settled or forgot. */
  readonly onEvict?: (from: Evicted) => void
  /** Is called for each track that turns out to be an objector's. */
  readonly onDropped?: (track: TrackId) => void
}

/** The parts of the engine. Each owns its state. */
export interface EngineParts {
  readonly options: IdentityOptions
  readonly compare: Compare
  /** As `clarityOn` makes it. */
  readonly clarity: (embedding: Float32Array) => number
  readonly place: Place
  readonly people: People
  readonly cameras: Cameras
  readonly tracklets: Tracklets
  readonly clusterer: ClustererParts
  readonly expiry: Expiry
  readonly recluster: Recluster
  readonly sightings: Sightings
  readonly events: Events
  readonly teller: Teller
  readonly gallery: Gallery
  readonly acts: Acts
  readonly duplicates: Duplicates
  readonly objections: Objections
  readonly droppedTracks: DroppedTracks
  readonly dropping: Dropping
  readonly retention: (nowMs: WallMs) => RollcallEvent[]
  readonly state: StateChanges
  readonly checkEmbeddings: ReturnType<typeof createEmbeddingCheck>
}

/** Makes the parts and restores saved state. Throws STATE when that state contradicts itself. */
export const createParts = (
  given: IdentityOptions,
  { site = 'rollcall', saved, archive, scale = { scale: 1, offset: 0 }, onEvict, ...setup }: IdentitySetup,
): EngineParts => {
  // Where the unknown are ignored nothing waits to become somebody's.
  const options = given.unknown === 'keep' ? given : { ...given, unassignedDays: null, waitMs: 0 }
  const events = createEvents(site, saved?.sequence)
  const place = createPlace(scale, options.learns)
  const compare = comparisonOn(place.scale)
  const people = createPeople(compare, options.exemplarShare, saved?.created, leftOn(scale))
  const settled = createSettledTracks(archive?.settled ?? noSettledArchive)
  const unassigned = createUnassignedTracks(options.unassignedDays !== null, archive?.unassigned ?? noUnassignedArchive)
  const tracklets = createTracklets(people, settled)
  const coOccurrence = createCoOccurrence(options.cannotLinkFrames, people)
  place.watch({ people, coOccurrence })
  const tentative = createTentativeTracklets(tracklets, people, compare, options)
  const assignments = createTrackAssignments({ people, coOccurrence, tracklets, settled, compare, options })
  const lateJoins = createLateJoins({ people, assignments, tentative, past: unassigned, options })
  const objectors = createObjectors(compare, options.exemplarShare, saved?.objectors ?? [])
  const clusterer = { people, tracklets, coOccurrence, assignments, tentative, lateJoins, objectors, options }
  const recluster = createRecluster({ people, tracklets, assignments, compare, options })
  const cameras = createCameras()
  const sightings = createSightings({
    events,
    gapMs: options.sightingGapMs,
    archive: archive?.sightings ?? emptyArchive,
    resolve: (id) => people.resolve(id),
    open: saved?.sightings ?? [],
  })
  const state = createStateChanges({ people, coOccurrence, events, sightings, settled, unassigned, objectors })
  const teller = createTeller({ events, people, tracklets, assignments, sightings, state, threshold: options.join })
  const shared = { people, tracklets, coOccurrence, sightings, settled, state, events, teller, options }
  const deletePerson = createDeletion({ ...shared, recluster, unassigned })
  const { onDropped = () => undefined } = setup
  const objecting = objectingOf({ ...shared, unassigned, objectors, assignments, deletePerson, onDropped })
  const expiry = createExpiry({ tracklets, lateJoins, past: unassigned, ...objecting, options, onEvict })
  const retention = createRetention({ ...shared, deletePerson })
  const gallery = createGallery({ ...shared, assignments, compare, objectors, deletePerson })
  const acts = createActs({ gallery, people, coOccurrence, assignments, teller })
  const duplicates = createDuplicates({ people, coOccurrence, assignments, options })
  if (saved) {
    state.restore(saved)
    place.restore(saved.live ?? [])
    if (saved.live !== null) restoreLive({ people, cameras, tracklets, recluster }, liveFrom(saved.live))
    state.settle()
    tracklets.takeChanged()
    if (options.unknown === 'ignore') forgetNobodys(tracklets, objectors)
  }
  return {
    options,
    compare,
    clarity: clarityOn(scale),
    place,
    people,
    cameras,
    tracklets,
    clusterer,
    expiry,
    recluster,
    sightings,
    events,
    teller,
    gallery,
    acts,
    duplicates,
    ...objecting,
    retention,
    state,
    checkEmbeddings: createEmbeddingCheck(saved ? dimensionsOf(saved) : null),
  }
}

/** An earlier run kept what it knew of tracks that were nobody's yet. */
const forgetNobodys = (tracklets: Tracklets, objectors: Objectors): void => {
  for (const one of [...tracklets.all()].filter(({ person }) => person === null)) {
    tracklets.forget(one)
    objectors.erase()
  }
}

/** The length of what is kept; null when nobody is. */
const dimensionsOf = ({ people, objectors }: SavedState): number | null => {
  const looks = [...people.map(({ exemplars }) => exemplars), ...objectors.map((one) => one.looks)].flat()
  return looks[0]?.sum.length ?? null
}

/** What deals with those who are never to be recognised. */
const objectingOf = (parts: Omit<ObjectionParts & DroppingParts, 'dropped' | 'droppedTracks'>) => {
  const droppedTracks = createDroppedTracks(parts.objectors, parts.options)
  return {
    droppedTracks,
    objections: createObjections({ ...parts, dropped: droppedTracks }),
    dropping: createDropping({ ...parts, droppedTracks }),
  }
}
