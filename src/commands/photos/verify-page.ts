import { three } from '../../evaluate/report/numbers.ts'
import { escaped, page, type Section } from '../../evaluate/report/page.ts'
import type { Comparison } from '../../recognition/compare.ts'
import { type ChosenFace, faceText } from './chosen-face.ts'
import { cropImage } from './crop-url.ts'
import { thresholdText } from './options.ts'
import { isPairOf, type Verified, verdictOf } from './verified.ts'

/** The crops of larger matrices are left out: a page of thousands of pictures does not open. */
const mostCrops = 400

const imagesOf = async (photos: readonly ChosenFace[]): Promise<string[]> => {
  const images: string[] = []
  for (const [i, { face, file }] of photos.entries())
    images.push(i < mostCrops ? await cropImage(face, escaped(file)) : '')
  return images
}

const cellOf = (pair: Comparison | null): string =>
  pair ? `<td class="${pair.same ? 'same' : 'other'}">${three(pair.cosine)}</td>` : '<td>–</td>'

const style = `<style>img { width: 112px; height: 112px; border-radius: .4rem; display: block; } thead img, tbody th img { width: 56px; height: 56px; }
figure { margin: 0; } .faces { display: flex; flex-wrap: wrap; gap: 1.5rem; } figcaption { max-width: 12rem; color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
td.same { font-weight: 700; color: var(--own); } td.other { color: var(--soft); }</style>`

const facesSection = (photos: readonly ChosenFace[], images: readonly string[]): Section => ({
  title: 'Faces',
  note: 'Each face as the network saw it: aligned by eyes, nose and mouth.',
  body: `${style}<div class="faces">${photos
    .map((photo, i) => `<figure>${images[i]}<figcaption>${escaped(faceText(photo))}</figcaption></figure>`)
    .join('')}</div>`,
})

const matrixSection = (
  { rows, columns, pairs }: Verified,
  rowImages: readonly string[],
  columnImages: readonly string[],
): Section => ({
  title: 'Cosines',
  note: 'Bold: above the threshold, so the same person.',
  body: `<div class="wide"><table><thead><tr><th></th>${columns.map((_, j) => `<th>${columnImages[j]}${j + 1}</th>`).join('')}</tr></thead><tbody>${rows
    .map(
      ({ file }, i) =>
        `<tr><th scope="row">${rowImages[i]}${escaped(file)}</th>${(pairs[i] ?? []).map(cellOf).join('')}</tr>`,
    )
    .join('\n')}</tbody></table></div>`,
})

/** The report of `rollcall verify`: self-contained HTML with the crops that the network saw. */
export const verifyPage = async (verified: Verified): Promise<string> => {
  const { rows, columns, isSquare, pairs, judging } = verified
  const rowImages = await imagesOf(rows)
  const columnImages = isSquare ? rowImages : await imagesOf(columns)
  const pair = pairs[0]?.[0]
  const isPair = isPairOf(verified)
  const figures = [
    { label: 'verdict', value: verdictOf(verified) },
    ...(isPair && pair
      ? [
          { label: 'distance (squared L2)', value: three(pair.distance) },
          { label: 'cosine', value: three(pair.cosine) },
          ...(pair.probability === null ? [] : [{ label: 'P(same)', value: pair.probability.toFixed(4) }]),
        ]
      : []),
  ]
  return page('Verification', `${judging.embedder.name}; ${thresholdText(judging.threshold)}`, figures, [
    facesSection(isSquare ? rows : [...rows, ...columns], isSquare ? rowImages : [...rowImages, ...columnImages]),
    ...(isPair ? [] : [matrixSection(verified, rowImages, columnImages)]),
  ])
}
