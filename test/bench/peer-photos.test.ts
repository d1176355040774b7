import { expect, it } from 'vitest'
import { parsePeerPhotos, squaredL2 } from '../../bench/peer/photos.ts'

const photos = ['s1/1.jpg', 's1/2.jpg', 's2/1.jpg'].map((name) => ({
  person: name.slice(0, 2),
  file: `/photos/${name}`,
}))
const line = (file: string, x: number) => JSON.stringify({ file, how: 'found', embedding: [x, 0] })

it('finds photos by folder and name, in the order of the list, and leaves out what the other program has not', () => {
  const text = `${line('../photos/s2/1.jpg', 2)}\n${line('../photos/s1/1.jpg', 1)}\n`
  expect(parsePeerPhotos(text, photos).map(({ person, embedding }) => [person, embedding[0]])).toEqual([
    ['s1', 1],
    ['s2', 2],
  ])
})

it('says so when the file is of other photos', () => {
  expect(() => parsePeerPhotos(line('/elsewhere/a/1.jpg', 1), photos)).toThrow('none of these photos')
})

it('measures embeddings of any length', () => {
  expect(squaredL2([3, 0], [0, 4])).toBe(25)
})
