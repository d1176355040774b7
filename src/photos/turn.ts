import type { Picture, Plane } from '../types.ts'
import type { Photo } from './photo.ts'

/** A clockwise turn, degrees. */
export type Turn = 0 | 90 | 180 | 270
/** All turns. */
export const turns: readonly Turn[] = [0, 90, 180, 270]

/** One plane of bytes, turned; the result has no padding. */
const turnPlane = ({ data, stride }: Plane, width: number, height: number, turn: Turn): Uint8Array => {
  const turned = new Uint8Array(width * height)
  // Where the byte of column 0 and row 0 goes, and how far one column and one row further is.
  const [first, column, row] =
    turn === 0
      ? [0, 1, width]
      : turn === 90
        ? [height - 1, height, -1]
        : turn === 180
          ? [width * height - 1, -1, -width]
          : [(width - 1) * height, -height, 1]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) turned[first + x * column + y * row] = data[y * stride + x] as number
  return turned
}

const sizeOf = ({ width, height }: Pick<Picture, 'width' | 'height'>, turn: Turn) =>
  turn % 180 === 0 ? { width, height } : { width: height, height: width }

/** A planar RGB picture, turned clockwise. */
export const turnPicture = (picture: Picture, turn: Turn): Picture => {
  const { width, height, data } = picture
  if (turn === 0) return picture
  const size = width * height
  const turned = new Uint8Array(data.length)
  for (let channel = 0; channel < 3; channel++) {
    const plane = { data: data.subarray(channel * size, (channel + 1) * size), stride: width }
    turned.set(turnPlane(plane, width, height, turn), channel * size)
  }
  return { ...sizeOf(picture, turn), data: turned }
}

/** A photo, turned clockwise. */
export const turnPhoto = (photo: Photo, turn: Turn): Photo => {
  if (turn === 0) return photo
  const planes = photo.planes.map((plane, i) => {
    const [width, height] = i === 0 ? [photo.width, photo.height] : [(photo.width + 1) >> 1, (photo.height + 1) >> 1]
    return { data: turnPlane(plane, width, height, turn), stride: turn % 180 === 0 ? width : height }
  })
  return { ...photo, ...sizeOf(photo, turn), planes, picture: turnPicture(photo.picture, turn) }
}
