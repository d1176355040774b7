import { encode } from 'uqr'

const svg = 'http://www.w3.org/2000/svg'

/** Draws a text as a QR code, black on white in every look, because phones read that best. */
export const qrCode = (text: string, label: string): SVGSVGElement => {
  const { data, size } = encode(text, { border: 4 })
  const picture = document.createElementNS(svg, 'svg')
  picture.setAttribute('viewBox', `0 0 ${size} ${size}`)
  picture.setAttribute('role', 'img')
  picture.setAttribute('aria-label', label)
  picture.classList.add('qr-code')
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d', squares.join(''))
  picture.append(path)
  return picture
}
