import type { CameraId, Person, PersonId } from '../../src/types.ts'
import { element } from './element.ts'
import { colourOf, shortId } from './person-look.ts'
import { ago } from './when.ts'

/** A person is here now if a picture shown within this time had them in it. */
const hereMs = 3000
/** More rows than anybody reads; they would only make the page slow. */
const maxRows = 200

/** The list of people beside the pictures. */
export interface PeopleList {
  /** Replaces everything by what the server sent. */
  reset(people: readonly Person[]): void
  /** Notes a person in the picture just shown. */
  seen(person: PersonId, camera: CameraId): void
  remove(person: PersonId): void
  /** Updates the rows. `nowMs` is `performance.now()`, `serverNowMs` Unix milliseconds by the server's clock. */
  tick(nowMs: number, serverNowMs: number): void
  readonly counts: { readonly known: number; readonly here: number }
}

interface Row {
  readonly element: HTMLLIElement
  readonly where: HTMLElement
  readonly when: HTMLElement
  readonly count: HTMLElement
  readonly button: HTMLButtonElement
}

const createRow = (id: PersonId, isChosen: boolean, choose: (person: PersonId) => void): Row => {
  const parts = {
    where: element('span', { class: 'where' }),
    when: element('span', { class: 'when' }),
    count: element('span', { class: 'count' }),
  }
  const name = element('span', { class: 'id', title: id }, shortId(id))
  const pressed = String(isChosen)
  const button = element('button', { type: 'button', 'aria-pressed': pressed }, name, ...Object.values(parts))
  button.style.setProperty('--person', colourOf(id))
  button.addEventListener('click', () => choose(id))
  const row = { ...parts, button, element: element('li', {}, button) }
  row.element.dataset.person = id
  return row
}

/**
 * Lists the known people in `list`: those here now first, then by when they were last seen. Choosing one calls
 * `onChoose`, choosing it again calls it with null.
 */
export const createPeopleList = (list: HTMLElement, onChoose: (person: PersonId | null) => void): PeopleList => {
  let people = new Map<PersonId, Person>()
  let chosen: PersonId | null = null
  const live = new Map<PersonId, { camera: CameraId; atMs: number }>()
  const rows = new Map<PersonId, Row>()

  const choose = (person: PersonId): void => {
    chosen = chosen === person ? null : person
    for (const [id, row] of rows) row.button.setAttribute('aria-pressed', String(id === chosen))
    onChoose(chosen)
  }

  const isHere = (id: PersonId, nowMs: number) => nowMs - (live.get(id)?.atMs ?? Number.NEGATIVE_INFINITY) < hereMs

  const write = (id: PersonId, row: Row, nowMs: number, serverNowMs: number): void => {
    const person = people.get(id)
    const here = isHere(id, nowMs)
    row.element.classList.toggle('here', here)
    row.where.textContent = live.get(id)?.camera ?? person?.lastCamera ?? ''
    row.when.textContent = here ? 'here now' : person ? ago(person.lastSeenAtMs, serverNowMs) : 'a moment ago'
    row.count.textContent = person ? `${person.tracks} ${person.tracks === 1 ? 'track' : 'tracks'}` : ''
  }

  let counts = { known: 0, here: 0 }
  return {
    get counts() {
      return counts
    },
    reset: (all) => {
      people = new Map(all.map((person) => [person.id, person]))
    },
    seen: (person, camera) => live.set(person, { camera, atMs: performance.now() }),
    remove: (person) => {
      people.delete(person)
      live.delete(person)
      if (chosen === person) choose(person)
    },
    tick: (nowMs, serverNowMs) => {
      const known = [...new Set([...people.keys(), ...live.keys()])]
      // The order of those here does not change, because rows that move are hard to read and to click.
      const rank = (id: PersonId) => (isHere(id, nowMs) ? Number.MAX_SAFE_INTEGER : (people.get(id)?.lastSeenAtMs ?? 0))
      const order = known.sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1)).slice(0, maxRows)
      const kept = new Set(order)
      for (const [id, row] of rows) {
        if (kept.has(id)) continue
        row.element.remove()
        rows.delete(id)
      }
      order.forEach((id, i) => {
        const row = rows.get(id) ?? createRow(id, id === chosen, choose)
        rows.set(id, row)
        write(id, row, nowMs, serverNowMs)
        // Moving an element takes the keyboard focus away from it.
        if (list.children[i] !== row.element) list.insertBefore(row.element, list.children[i] ?? null)
      })
      counts = { known: known.length, here: known.filter((id) => isHere(id, nowMs)).length }
    },
  }
}
