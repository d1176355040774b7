import type { RollcallEvent } from '../../src/events/types.ts'
import type { CameraChange, CameraId, Person, TruthScore } from '../../src/types.ts'
import { connect } from './connection.ts'
import { byId } from './element.ts'
import { createFeed } from './feed.ts'
import { createLogin } from './login.ts'
import { createPeopleList } from './people-list.ts'
import { createSession } from './session.ts'
import { createTile, type Tile } from './tile.ts'

/** The list of people is read again at most this often. */
const peopleReadMs = 2000

const tiles = new Map<CameraId, Tile>()
const online = new Set<CameraId>()
const grid = byId('cameras', HTMLElement)
const banner = byId('banner', HTMLElement)
const feed = createFeed(byId('feed', HTMLElement))
const people = createPeopleList(byId('people', HTMLElement), (person) => {
  for (const tile of tiles.values()) tile.choose(person)
})

/** The server's clock minus ours, milliseconds. */
let clockOffsetMs = 0
let isConnected = false
/** When the next attempt to connect starts, by `performance.now()`; null when none is planned. */
let reconnectAtMs: number | null = null
let peopleChanged = false
let peopleReadAtMs = Number.NEGATIVE_INFINITY

const serverNowMs = () => Date.now() + clockOffsetMs

const applyChange = (change: CameraChange, ageMs: number): void => {
  let tile = tiles.get(change.camera)
  if (tile === undefined) {
    tile = createTile(change.camera)
    tiles.set(change.camera, tile)
    grid.append(tile.element)
    watch()
  }
  if (change.state === 'online' || change.state === 'overloaded') online.add(change.camera)
  else online.delete(change.camera)
  const { retryInMs } = change
  tile.change(change, retryInMs === undefined ? null : performance.now() + retryInMs - ageMs)
}

const applyEvent = (event: RollcallEvent): void => {
  feed.add(event)
  if (event.type === 'rollcall.frame.v1') return
  if (event.type.startsWith('rollcall.camera.')) applyChange(event.data as CameraChange, 0)
  else peopleChanged = true
  if (event.type === 'rollcall.person.merged.v1') people.remove(event.data.person)
  tick()
}

/** A hidden page watches no camera, so the workers encode no pictures for it. */
const watch = (): void => connection.watch(document.hidden ? [] : [...tiles.keys()])

const readPeople = async (): Promise<void> => {
  peopleChanged = false
  peopleReadAtMs = performance.now()
  const answer = await session.get<{ people: readonly Person[] }>('/api/people')
  if (answer === null) return
  people.reset(answer.people)
  tick()
}

/** Only the demo knows who is really there. */
const readScore = async (): Promise<void> => {
  if (!isConnected) return
  const answer = await session.get<{ score: TruthScore | null }>('/api/score')
  if (answer === null) return
  const { score } = answer
  if (score === null) {
    clearInterval(scoreTimer)
    return
  }
  const { people: real, found, idsPerPerson, switches } = score
  byId('score', HTMLElement).hidden = false
  byId('score-text', HTMLElement).textContent =
    `${found} of ${real} found, ${idsPerPerson.toFixed(2)} IDs each, ${switches} ${switches === 1 ? 'switch' : 'switches'}`
}

const tick = (): void => {
  const nowMs = performance.now()
  if (peopleChanged && isConnected && nowMs - peopleReadAtMs >= peopleReadMs) void readPeople()
  for (const tile of tiles.values()) tile.tick(nowMs)
  people.tick(nowMs, serverNowMs())
  byId('cameras-online', HTMLElement).textContent = `${online.size} of ${tiles.size}`
  byId('people-now', HTMLElement).textContent = String(people.counts.here)
  byId('people-known', HTMLElement).textContent = String(people.counts.known)
  banner.hidden = reconnectAtMs === null
  document.body.classList.toggle('lost', reconnectAtMs !== null)
  if (reconnectAtMs === null) return
  const waitS = Math.max(0, Math.ceil((reconnectAtMs - nowMs) / 1000))
  byId('banner-text', HTMLElement).textContent =
    `The connection to Rollcall is lost; what you see is old. Next try ${waitS === 0 ? 'now' : `in ${waitS} s`}.`
}

const session = createSession(sessionStorage)
const login = createLogin((token) => {
  session.use(token)
  connection.retryNow()
})

/** `nowMs` is the server's clock. */
const connected = (nowMs: number): void => {
  isConnected = true
  reconnectAtMs = null
  clockOffsetMs = nowMs - Date.now()
  login.close()
  watch()
  tick()
}

const connection = connect(`${location.origin.replace(/^http/, 'ws')}/ws`, {
  admission: () => session.admission(),
  onRefused: (because) => {
    isConnected = false
    reconnectAtMs = null
    session.use('')
    login.open(because)
  },
  onSnapshot: ({ nowMs, snapshot }) => {
    people.reset(snapshot.people)
    const present = new Set(snapshot.cameras.map(({ camera }) => camera))
    for (const [camera, tile] of tiles) {
      if (present.has(camera)) continue
      tile.element.remove()
      tiles.delete(camera)
      online.delete(camera)
    }
    for (const change of snapshot.cameras) applyChange(change, nowMs - change.atMs)
    connected(nowMs)
  },
  onResumed: ({ nowMs }) => {
    peopleChanged = true
    connected(nowMs)
  },
  onEvent: applyEvent,
  onPicture: async (picture) => {
    const { camera, faces } = picture.frame
    await tiles.get(camera)?.show(picture)
    for (const { person } of faces) if (person !== null) people.seen(person, camera)
  },
  onLost: (retryInMs) => {
    isConnected = false
    reconnectAtMs = performance.now() + retryInMs
    tick()
  },
})

byId('retry', HTMLElement).addEventListener('click', () => connection.retryNow())
addEventListener('online', () => connection.retryNow())
document.addEventListener('visibilitychange', watch)
setInterval(tick, 500)
const scoreTimer = setInterval(() => void readScore(), peopleReadMs)
