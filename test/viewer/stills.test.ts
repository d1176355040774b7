import type { Picture, Watch } from '@rollcall/client'
import { expect, test } from 'vitest'
import { createStills } from '../../viewer/src/pages/cameras/stills.ts'

/** The pictures that are shown of what comes, and what is watched after each. */
const showing = () => {
  const shown: string[] = []
  const watched: (readonly string[])[] = []
  let tell: (picture: Picture) => void = () => undefined
  const client = {
    watch: ({ cameras }: Watch) => void watched.push([...cameras]),
    onPicture: (listener: (picture: Picture) => void) => {
      tell = listener
      return () => undefined
    },
  }
  let nowMs = 0
  const stills = createStills(
    client as never,
    (camera, jpeg) => void shown.push(`${camera} ${jpeg.size}`),
    () => nowMs,
  )
  return {
    shown,
    watched,
    ask: () => {
      nowMs += 60_000
      stills.ask(['door', 'hall'])
    },
    comes: (camera: string, bytes: number, damaged = false) =>
      tell({ frame: { camera, ...(damaged && { damaged }) }, jpeg: new Uint8Array(bytes) } as unknown as Picture),
  }
}

test('one whole picture of each camera is shown, and then none until the next turn', () => {
  const { shown, watched, ask, comes } = showing()
  ask()
  for (const bytes of [1, 2]) comes('door', bytes)
  comes('hall', 3)
  expect(shown).toEqual(['door 1', 'hall 3'])
  expect(watched).toEqual([['door', 'hall'], ['hall'], []])
})

test('a damaged picture is better than none, and gives way to the next whole one', () => {
  const { shown, watched, ask, comes } = showing()
  ask()
  comes('door', 1, true)
  comes('door', 2, true)
  expect(watched.at(-1)).toContain('door')
  comes('door', 3)
  expect(shown).toEqual(['door 1', 'door 3'])
  ask()
  comes('door', 4, true)
  comes('door', 5)
  expect(shown).toEqual(['door 1', 'door 3', 'door 5'])
})
