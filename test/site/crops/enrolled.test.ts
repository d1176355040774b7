import { describe, expect, test } from 'vitest'
import { openStateClient } from '../../../src/commands/people/state-client.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { silent } from '../../../src/silent-log.ts'
import { openTableOf } from '../../../src/site/crops/open-table.ts'
import { modelOptions } from '../../../src/vision/options.ts'
import { temporaryDirectory } from '../../identity/store/states.ts'
import { hasRemnant, openScene, startMs } from './scene.ts'

describe.each(['memory', 'disk'] as const)('photos that somebody was enrolled with, kept in %s', (crops) => {
  test('are the person’s pictures: the best two, each once', () => {
    const { looks, enrol, crops: kept } = openScene({ crops })
    const { person, jpegs } = enrol('Ada', looks.ada, [0.7, 0.9, 0.8])
    const photos = kept.ofPerson(person)
    expect(photos).toMatchObject([
      { person, quality: 0.9, camera: null, sighting: null, atMs: startMs },
      { person, quality: 0.8 },
    ])
    expect(Buffer.from(kept.best([person])[0]?.jpeg ?? [])).toEqual(jpegs[1])
    const again = Uint8Array.from(jpegs[1] ?? [])
    kept.putEnrolled({ person, quality: 0.9, width: 96, height: 96, jpeg: again })
    expect(again.every((byte) => byte === 0)).toBe(true)
    expect(kept.ofPerson(person).map(({ id }) => id)).toEqual(photos.map(({ id }) => id))
  })

  test('go on with the person over merges and unmerges, and stay when their sightings are few', () => {
    const { looks, enrol, show, picture, personOf, crops: kept, committed, wait } = openScene({ crops })
    const { person: ada } = enrol('Ada', looks.ada)
    show('door/s1/1', looks.bo)
    picture('door/s1/1', 0.5)
    const bo = personOf('door/s1/1')
    committed.transact((people) => people.merge(bo, ada, startMs, { force: true }))
    expect(kept.best([ada])[0]).toMatchObject({ quality: 0.9, camera: null })
    expect(kept.ofPerson(ada)).toHaveLength(2)
    const former = kept.ofPerson(ada)[0]?.person === ada ? bo : ada
    committed.transact((people) => people.unmerge(former, startMs))
    wait(400 * 86_400_000)
    kept.sweep()
    expect(kept.ofPerson(ada)).toMatchObject([{ quality: 0.9 }])
  })

  test('go with the person, and leave no byte', () => {
    const { looks, enrol, crops: kept, committed, table, onDisk } = openScene({ crops })
    const { person: ada, jpegs } = enrol('Ada', looks.ada, [0.8, 0.9])
    const { person: bo } = enrol('Bo', looks.bo)
    committed.transact((people) => people.remove(ada, startMs))
    expect(table.count()).toBe(1)
    expect(kept.ofPerson(bo)).toHaveLength(1)
    for (const jpeg of jpegs) expect(hasRemnant(onDisk(), jpeg)).toBe(false)
  })

  test('a merged person’s deletion takes the photos of both', () => {
    const { looks, enrol, committed, table } = openScene({ crops })
    const [{ person: ada }, { person: other }] = [enrol('Ada', looks.ada), enrol('Adda', looks.bo)]
    committed.transact((people) => people.name(other, null, startMs))
    committed.transact((people) => people.merge(ada, other, startMs, { force: true }))
    committed.transact((people) => people.remove(ada, startMs))
    expect(table.count()).toBe(0)
  })
})

test('photos on disk outlive a restart, and a deletion by the command line reaches them', async () => {
  const directory = temporaryDirectory()
  const first = openScene({ directory })
  const { person } = first.enrol('Ada', first.looks.ada)
  first.committed.commit()
  first.close()
  const second = openScene({ directory })
  expect(second.crops.ofPerson(person)).toHaveLength(1)
  second.close()
  const client = openStateClient(directory, {
    site: 'site',
    identity: identityOptions.parse({}),
    models: modelOptions.parse({}),
    embedder: null,
    scale: null,
    time: { nowMs: () => startMs },
  })
  await client.remove(person)
  await client.close()
  const table = openTableOf('disk', directory, silent)
  expect(table?.count()).toBe(0)
  table?.close()
})

test('when there are too many pictures, those of cameras go first', () => {
  const scene = openScene({ crops: 'memory', most: 20 })
  const { person } = scene.enrol('Ada', scene.looks.ada)
  scene.show('door/s1/1', scene.looks.bo, 20, false)
  for (let track = 0; track < 40; track++) scene.picture(`door/s1/t${track}`, 0.5, track)
  expect(scene.table.count()).toBeLessThanOrEqual(20)
  expect(scene.crops.ofPerson(person)).toHaveLength(1)
})
