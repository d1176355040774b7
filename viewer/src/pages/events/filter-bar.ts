import type { SiteStore } from '../../shell/site-store.ts'
import { element } from '../../ui/element.ts'
import { type Filter, kinds } from './filter.ts'

const option = (value: string, words: string): HTMLOptionElement => {
  const created = element('option', { value }, words)
  return created
}

const labelled = (words: string, select: HTMLSelectElement): HTMLElement =>
  element('label', { class: 'field' }, element('span', {}, words), select)

/** The three choices over the list. */
export interface FilterBar {
  readonly element: HTMLElement
  /** Offers the cameras and people that there are now, and shows what is chosen. */
  update(filter: Filter): void
}

/** `onChange` gets the new choice. */
export const createFilterBar = (site: SiteStore, onChange: (filter: Filter) => void): FilterBar => {
  const selects = { camera: element('select'), person: element('select'), type: element('select') }
  selects.type.append(
    option('', 'All events'),
    ...kinds.map(({ topic, title, types }) => {
      const group = element('optgroup', { label: title })
      group.append(option(topic, `${title}: all`), ...types.map(([type, words]) => option(type, words)))
      return group
    }),
  )
  const read = (): Filter => ({
    camera: selects.camera.value,
    person: selects.person.value,
    type: selects.type.value,
  })
  for (const select of Object.values(selects)) select.addEventListener('change', () => onChange(read()))

  let offered = ''
  const offer = (filter: Filter): void => {
    const cameras = new Set([...site.cameras().map(({ camera }) => camera), filter.camera])
    const people = new Set([...site.people().map(({ id }) => id), filter.person])
    cameras.delete('')
    people.delete('')
    const named = [...people].map((id) => [id, site.nameOf(id)] as const).sort((a, b) => a[1].localeCompare(b[1]))
    const now = JSON.stringify([[...cameras], named])
    if (now === offered) return
    offered = now
    selects.camera.replaceChildren(option('', 'All cameras'), ...[...cameras].sort().map((each) => option(each, each)))
    selects.person.replaceChildren(option('', 'Everybody'), ...named.map(([id, name]) => option(id, name)))
  }
  return {
    element: element(
      'div',
      { class: 'filters', role: 'group', 'aria-label': 'Which events' },
      labelled('Camera', selects.camera),
      labelled('Person', selects.person),
      labelled('What', selects.type),
    ),
    update: (filter) => {
      offer(filter)
      selects.camera.value = filter.camera
      selects.person.value = filter.person
      selects.type.value = filter.type
    },
  }
}
