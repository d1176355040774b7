import { mainFace } from '../../photos/main-face.ts'
import { type FoundFace, type MeasuredPhoto, problemOf } from '../../photos/review-photos.ts'

/** A photo and the one face in it that is meant. */
export interface ChosenFace {
  readonly file: string
  /** How the photo was turned so that its face stands upright, degrees clockwise. */
  readonly turn: number
  /** How many faces are in it. */
  readonly faces: number
  /** Null when there is none that says anything. */
  readonly face: FoundFace | null
  /** Why there is no face; null when there is one. */
  readonly refusal: string | null
  /** What makes the face's embedding worse than others; null when nothing does. */
  readonly warning: string | null
}

/** The face that a photo is about. One below `minQuality` is refused, because poor faces are all alike. */
export const chooseFace = (photo: MeasuredPhoto, minQuality: number): ChosenFace => {
  const { file, turn = 0, faces, unreadable, size } = photo
  const face = size ? mainFace(faces, size) : null
  const rest = { file, turn, faces: faces.length }
  if (unreadable !== undefined || face === null)
    return { ...rest, face: null, refusal: unreadable ?? 'no face was found; take one from the front', warning: null }
  const problem = problemOf(face.quality, minQuality)?.why ?? null
  return face.quality.overall < minQuality
    ? { ...rest, face: null, refusal: problem, warning: null }
    : { ...rest, face, refusal: null, warning: problem }
}

/** What is known of a chosen face, for `--json`: no embedding, which is biometric data. */
export const faceJson = ({ file, turn, faces, face, refusal, warning }: ChosenFace): object => ({
  file,
  turn,
  faces,
  face: face && { box: face.box, quality: face.quality },
  refusal,
  warning,
})

/** A line about a chosen face for people to read. */
export const faceText = ({ file, turn, faces, face, refusal, warning }: ChosenFace): string => {
  if (face === null) return `${file}: ${refusal}`
  const of = faces > 1 ? `, of ${faces} faces the one the photo is about` : ''
  const turned = turn === 0 ? '' : `, turned by ${turn}°`
  const { sizePx, overall } = face.quality
  return `${file}: face of ${Math.floor(sizePx)} pixels, quality ${overall.toFixed(2)}${of}${turned}${warning === null ? '' : `; ${warning}`}`
}
