import { RollcallError } from '../errors.ts'
import type { ToVision } from '../ipc/messages.ts'
import type { Metrics, MetricsJson } from '../metrics.ts'
import { type Link, openLink } from '../seam/link/connect.ts'
import type { LinkedFromVision, LinkedTest, LinkedToVision } from '../seam/link/messages.ts'
import type { CameraId, Log } from '../types.ts'

type Watch = Extract<ToVision<never>, { readonly type: 'watch' }>
type Tested = Extract<LinkedToVision, { readonly type: 'test' }>
type Asked = Extract<ToVision<never>, { readonly type: 'capture' }>

/** Pictures and video of the vision processes on other machines. Owned by the pool that they belong to. */
export interface Links {
  /** A record of this vision process has come, which says where its pictures are, or not this time. */
  heard(camera: CameraId, owner: string, address: string | undefined): void
  /** Sets what somebody watches, instead of what was watched before. */
  watch(watch: Watch): void
  /** The answer is a `captured` of the same `id`. */
  capture(asked: Asked): void
  /**
   * Has a camera opened for seconds by the process that has it, or by another. Null when none is connected. Rejects with why it
   * is refused, and with STATE when the connection ends.
   */
  test(camera: CameraId, options: Tested['options']): Promise<LinkedTest> | null
  close(): void
}

/** What they are fetched with. */
export interface LinksParts {
  readonly site: string
  /** `seam.kafka.sealingKey`; null: nobody can prove who they are. */
  readonly key: Uint8Array | null
  readonly hasCamera: (camera: CameraId) => boolean
  /** Whether the records of the site come to this process: another one takes its place at each vision process. */
  readonly isOwner: () => boolean
  readonly emit: (message: OfWorker) => void
  /** A worker elsewhere says how its cameras do. */
  readonly onFigures: (worker: string, metrics: MetricsJson) => void
  readonly metrics: Pick<Metrics, 'link'>
  readonly log: Log
}

/** A vision process and the way to it. */
interface Process {
  readonly address: string
  readonly link: Link
  /** What it was told last that somebody watches; null: it was told nothing. */
  told: string | null
  /** Captures that it has not answered. */
  readonly asked: Map<number, Asked>
  /** Tests that it has not answered. */
  readonly tests: Map<number, PromiseWithResolvers<LinkedTest>>
}

/** What is known of vision processes, and what is wanted of them. */
interface State {
  /** Which vision process has each camera. */
  readonly owners: Map<CameraId, string>
  readonly processes: Map<string, Process>
  /** Watched cameras of which the site was told why there is no video. */
  readonly without: Map<CameraId, string>
  watch: Watch
  /** The number of the last test. */
  lastTest: number
}

/**
 * Keeps a link to each vision process that has cameras and says where it is. Each is told what is watched of its own cameras, so that
 * to the site all of them are like one worker.
 */
export const createLinks = (parts: LinksParts): Links => {
  const state: State = {
    owners: new Map(),
    processes: new Map(),
    without: new Map(),
    watch: { type: 'watch', cameras: [], video: [] },
    lastTest: 0,
  }
  const { owners, processes } = state
  return {
    heard: (camera, owner, address) => {
      const isNew = owners.get(camera) !== owner
      owners.set(camera, owner)
      const isElsewhere = address !== undefined && processes.get(owner)?.address !== address
      if (isElsewhere && parts.key !== null) {
        drop(state, owner, parts)
        open(state, owner, { ...parts, address, key: parts.key })
      }
      if (isNew || isElsewhere) look(state, parts)
    },
    watch: (next) => {
      state.watch = next
      look(state, parts)
    },
    capture: (asked) => {
      const process = processes.get(owners.get(asked.camera) ?? '')
      if (process?.link.send(asked) === true) process.asked.set(asked.id, asked)
      else fail(state, asked, parts)
    },
    test: (camera, options) => {
      const own = processes.get(owners.get(camera) ?? '')
      const process = [own, ...processes.values()].find((each) => each?.link.isConnected())
      const id = ++state.lastTest
      if (process?.link.send({ type: 'test', id, camera, options }) !== true) return null
      const answer = Promise.withResolvers<LinkedTest>()
      process.tests.set(id, answer)
      return answer.promise
    },
    close: () => {
      for (const owner of processes.keys()) drop(state, owner, parts)
    },
  }
}

/** Opens the link to a vision process, and takes what it may say. */
const open = (
  state: State,
  owner: string,
  parts: LinksParts & { readonly address: string; readonly key: Uint8Array },
): void => {
  const asked: Process['asked'] = new Map()
  const tests: Process['tests'] = new Map()
  const { address, hasCamera, emit } = parts
  const link = openLink({
    ...parts,
    owner,
    onMessage: (message) => {
      if (message.type === 'tested') return settle(tests, message)
      if (message.type === 'figures') return parts.onFigures(`${owner} ${message.worker}`, message.metrics)
      const camera = cameraOf(message)
      // A crop may come after its camera has gone to another process.
      const isExpected =
        message.type === 'captured'
          ? asked.delete(message.id)
          : message.type === 'crop'
            ? hasCamera(camera)
            : state.owners.get(camera) === owner
      return isExpected ? emit(message) : undefined
    },
    onChange: () => {
      const hasCameras = [...state.owners].some(([camera, has]) => has === owner && hasCamera(camera))
      if (!link.isConnected()) failAll(state, { asked, tests }, parts)
      if (!link.isConnected() && !(hasCameras && parts.isOwner())) drop(state, owner, parts)
      look(state, parts)
    },
  })
  state.processes.set(owner, { address, link, told: null, asked, tests })
}

const drop = (state: State, owner: string, parts: LinksParts): void => {
  const process = state.processes.get(owner)
  if (process === undefined) return
  state.processes.delete(owner)
  process.link.close()
  failAll(state, process, parts)
}

/** Tells each process what is watched of its cameras, unless it knows; and the site, what cannot be watched. */
const look = (state: State, { key, emit, metrics }: LinksParts): void => {
  const { owners, processes, without, watch } = state
  let connected = 0
  for (const [owner, process] of processes) {
    const { link } = process
    if (link.isConnected()) connected++
    else process.told = null
    const isOwn = (camera: CameraId): boolean => owners.get(camera) === owner
    const own = { cameras: watch.cameras.filter(isOwn), video: watch.video.filter(({ camera }) => isOwn(camera)) }
    const said = JSON.stringify(own)
    if (said !== process.told && link.send({ type: 'watch', ...own })) process.told = said
  }
  metrics.link.processes.set({ state: 'connected' }, connected)
  metrics.link.processes.set({ state: 'away' }, processes.size - connected)
  const watched = new Set(watch.video.map(({ camera }) => camera))
  for (const camera of without.keys()) if (!watched.has(camera)) without.delete(camera)
  for (const camera of watched) {
    const reason = reasonFor(state, camera, key)
    if (reason === (without.get(camera) ?? null)) continue
    if (reason === null) without.delete(camera)
    else without.set(camera, reason)
    emit({ type: 'noVideo', camera, reason })
  }
}

/** Why there are no pictures of a camera; null while there are, or may be in a moment. */
const reasonFor = ({ owners, processes }: State, camera: CameraId, key: LinksParts['key']): string | null => {
  const owner = owners.get(camera)
  if (owner === undefined) return 'no vision process has it'
  if (key === null) return 'seam.kafka.sealingKey is not set, by which vision processes know who may see them'
  const process = processes.get(owner)
  if (process === undefined) return `its vision process ${owner} gives no pictures: seam.link.listen is not set there`
  const failure = process.link.failure()
  return failure && `its vision process ${owner} cannot be reached at ${process.address}: ${failure}`
}

const fail = (state: State, { id, camera }: Asked, { key, emit }: LinksParts): void => {
  const message = `camera ${camera}: ${reasonFor(state, camera, key) ?? 'its vision process does not answer'}`
  const remedy = 'Try again in a few seconds; docs/scale.md says what seam.link needs.'
  emit({ type: 'captured', id, capture: { code: 'STATE', message, remedy } })
}

const failAll = (state: State, { asked, tests }: Pick<Process, 'asked' | 'tests'>, parts: LinksParts): void => {
  for (const [id, each] of asked) {
    asked.delete(id)
    fail(state, each, parts)
  }
  const gone = 'the vision process that tested the camera is gone'
  for (const { reject } of tests.values())
    reject(new RollcallError('STATE', gone, { remedy: 'Try again in a moment.' }))
  tests.clear()
}

const settle = (
  tests: Process['tests'],
  { id, test }: Extract<LinkedFromVision, { readonly type: 'tested' }>,
): void => {
  const answer = tests.get(id)
  tests.delete(id)
  if (!('code' in test)) answer?.resolve(test)
  else answer?.reject(new RollcallError(test.code, test.message, { remedy: test.remedy }))
}

/** What goes on to the site as if a worker of its own had said it. */
type OfWorker = Exclude<LinkedFromVision, { readonly type: 'tested' | 'figures' }>

const cameraOf = (message: OfWorker): CameraId => {
  switch (message.type) {
    case 'picture':
      return message.stamp.camera
    case 'unit':
      return message.unit.camera
    case 'crop':
      return message.crop.camera
    case 'captured':
      return 'camera' in message.capture ? message.capture.camera : ''
    case 'noVideo':
      return message.camera
  }
}
