import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { FrameEvent } from '../../events/types.ts'
import type { CameraId, PersonId } from '../../types.ts'

/**
 * Writes the boxes of each recording to `DIR/NAME.mot.txt`, in the format of MOT Challenge (https://motchallenge.net):
 * `frame,id,left,top,width,height,score,-1,-1,-1`. Frames are counted from 1, lengths are pixels of the upright picture, and the
 * id is the place of the person in `people`, from 1. Faces of nobody are left out. Owned by whoever made it, who calls `close()`.
 */
export const createMot = (directory: string, cameras: readonly CameraId[], people: readonly PersonId[]) => {
  const numbers = new Map(people.map((person, i) => [person, i + 1]))
  const files = new Map(
    cameras.map((camera) => [camera, { descriptor: openSync(join(directory, `${camera}.mot.txt`), 'w'), frames: 0 }]),
  )
  return {
    saw: ({ data: { camera, width, height, faces } }: FrameEvent): void => {
      const file = files.get(camera)
      if (!file) return
      file.frames++
      const lines = faces.flatMap(({ person, box, score }) => {
        const number = person === null ? undefined : numbers.get(person)
        if (number === undefined) return []
        const pixels = [box.x * width, box.y * height, box.width * width, box.height * height]
        return [
          `${[file.frames, number, ...pixels.map((each) => each.toFixed(2)), score.toFixed(4)].join(',')},-1,-1,-1\n`,
        ]
      })
      if (lines.length > 0) writeSync(file.descriptor, lines.join(''))
    },
    close: (): void => {
      for (const { descriptor } of files.values()) closeSync(descriptor)
    },
  }
}
