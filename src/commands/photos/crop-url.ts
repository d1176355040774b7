import { encodeJpeg } from '../../../native/index.js'
import type { FoundFace } from '../../photos/review-photos.ts'

/** The crop as a JPEG. Rejects when no JPEG encoder is installed. */
export const cropJpeg = ({ crop }: Pick<FoundFace, 'crop'>): Promise<Uint8Array | null> =>
  crop ? encodeJpeg(crop, 90) : Promise.resolve(null)

/** The crop as an image of a page; empty without a crop. `words` say what it shows and are already escaped. */
export const cropImage = async (face: Pick<FoundFace, 'crop'> | null, words: string): Promise<string> => {
  const jpeg = face && (await cropJpeg(face))
  return jpeg ? `<img alt="${words}" src="data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}">` : ''
}
