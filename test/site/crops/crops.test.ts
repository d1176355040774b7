import { describe, expect, test } from 'vitest'
import { perTrack } from '../../../src/site/crops/crop-table.ts'
import { perPerson } from '../../../src/site/crops/owners.ts'
import { openScene, startMs } from './scene.ts'

const idsOf = (photos: readonly { readonly id: string }[]) => photos.map(({ id }) => id)

describe.each(['memory', 'disk'] as const)('pictures of people, kept in %s', (crops) => {
  test('are a person’s and a sighting’s, the best first, byte for byte', () => {
    const { looks, show, picture, personOf, crops: kept } = openScene({ crops })
    show('door/s1/1', looks.ada)
    const good = picture('door/s1/1', 0.9)
    picture('door/s1/1', 0.5, 3)
    const ada = personOf('door/s1/1')
    const photos = kept.ofPerson(ada)
    expect(photos.map(({ quality, person, camera }) => [quality, person, camera])).toEqual([
      [0.9, ada, 'door'],
      [0.5, ada, 'door'],
    ])
    expect(Buffer.from(kept.jpeg(photos[0]?.id ?? '') ?? [])).toEqual(good)
    expect(idsOf(kept.ofSighting(photos[0]?.sighting ?? ''))).toEqual(idsOf(photos))
    expect(kept.best([ada, 'p-nobody']).map(({ asked, jpeg }) => [asked, jpeg.length])).toEqual([[ada, good.length]])
    expect(() => kept.ofPerson('p-nobody')).toThrow('there is no person')
  })

  test('follow merges, unmerges and tracks that are split off, without being told', () => {
    const { looks, show, picture, personOf, crops: kept, engine, committed } = openScene({ crops })
    show('door/s1/1', looks.ada)
    picture('door/s1/1')
    show('door/s1/2', looks.bo)
    picture('door/s1/2')
    const [ada, bo] = [personOf('door/s1/1'), personOf('door/s1/2')]
    const count = (id: string) => kept.ofPerson(id).length
    expect([count(ada), count(bo)]).toEqual([1, 1])
    committed.transact((people) => people.merge(ada, bo, startMs, { force: true }))
    expect([count(ada), count(bo), kept.best([bo])[0]?.asked]).toEqual([2, 2, bo])
    const former = engine.idsOf(ada)[1] ?? ''
    committed.transact((people) => people.unmerge(former, startMs))
    expect([count(ada), count(bo)]).toEqual([1, 1])
    committed.transact((people) => people.merge(ada, bo, startMs, { force: true }))
    const whole = engine.resolve(ada)
    committed.transact((people) => people.split(whole, startMs, { tracks: ['door/s1/2'] }))
    expect(kept.ofPerson(whole)).toHaveLength(1)
  })

  test('are bounded by track, by person and in all', () => {
    const { looks, show, picture, personOf, crops: kept, table } = openScene({ crops })
    for (let i = 0; i < 20; i++) {
      show(`door/s1/${i}`, looks.ada, 12)
      for (const quality of [0.2, 0.3, 0.4]) picture(`door/s1/${i}`, quality + i / 100, i * 12 + quality * 10)
    }
    expect(table.count()).toBe(20 * perTrack)
    kept.sweep()
    const photos = kept.ofPerson(personOf('door/s1/0'))
    expect(photos).toHaveLength(perPerson)
    expect(photos[0]?.quality).toBeCloseTo(0.59)
    expect(kept.jpeg('f-unknown')).toBeNull()
  })

  test('of nobody are dropped when nobody can become of them', () => {
    const { looks, show, picture, crops: kept, table, wait } = openScene({ crops })
    show('door/s1/1', looks.ada, 1, false)
    picture('door/s1/1')
    kept.sweep()
    expect(table.count()).toBe(1)
    wait(200_000)
    kept.sweep()
    expect(table.count()).toBe(0)
  })

  test('of people who are archived are dropped', () => {
    const {
      looks,
      show,
      picture,
      personOf,
      crops: kept,
      committed,
    } = openScene({
      crops,
      identity: { archiveAfterDays: 1 },
    })
    show('door/s1/1', looks.ada)
    picture('door/s1/1')
    const ada = personOf('door/s1/1')
    expect(kept.ofPerson(ada)).toHaveLength(1)
    committed.tick(startMs + 3_600_000)
    show('door/s1/2', looks.bo)
    for (const days of [0, 1, 2, 3]) committed.tick(startMs + 7_200_000 + days * 86_400_000)
    kept.sweep()
    expect(kept.ofPerson(ada)).toEqual([])
  })
})
