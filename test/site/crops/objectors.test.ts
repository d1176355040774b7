import { expect, test } from 'vitest'
import { hasRemnant, openScene, startMs } from './scene.ts'

test.each(['memory', 'disk'] as const)(
  'of somebody who objected no picture is kept in %s, whenever it comes',
  (crops) => {
    const { looks, show, picture, personOf, engine, committed, crops: kept, onDisk, table } = openScene({ crops })
    show('door/s1/1', looks.ada)
    show('door/s1/2', looks.bo)
    const ada = personOf('door/s1/1')
    const known = picture('door/s1/1', 0.8, 5)
    const own = picture('door/s1/2')
    committed.transact((people) =>
      people.object({ id: 'o-1', person: ada, faces: [], note: null, code: 'hash' }, startMs),
    )
    // Before it is known whose it is; then when it is known.
    const early = picture('door/s1/3', 0.8, 1000)
    expect(table.count()).toBe(2)
    show('door/s1/3', looks.ada, 5, false)
    expect(table.count()).toBe(1)
    const late = picture('door/s1/3')
    expect(engine.isDropped('door', 'door/s1/3')).toBe(true)
    expect(table.all().map(({ track }) => track)).toEqual(['door/s1/2'])
    expect(kept.ofPerson(personOf('door/s1/2'))).toHaveLength(1)
    expect([known, early, late].filter((jpeg) => hasRemnant(onDisk(), jpeg))).toEqual([])
    expect(own).toHaveLength(6000)
  },
)
