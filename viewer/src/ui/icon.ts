/** Line drawings of 24 × 24 units, as the `d` of one SVG path. */
const paths = {
  live: 'M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M15.5 4.3a3.5 3.5 0 0 1 0 6.4M17.5 14.5c2.4.8 4 2.8 4 5.5',
  review: 'M4 5h16v11H10l-4 4v-4H4zM9.5 9a2.5 2.5 0 1 1 2.5 2.5M12 13.6v.1',
  cameras: 'M3 8h12v9H3zM15 11l6-3v9l-6-3',
  events: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  system: 'M3 12h4l3-7 4 14 3-7h4',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  system_theme: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  fullscreen: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  pin: 'M9 3h6l-1 6 3 3v2H7v-2l3-3zM12 14v7',
  cycle: 'M4 12a8 8 0 0 1 14-5.3L20 9M20 4v5h-5M20 12a8 8 0 0 1-14 5.3L4 15M4 20v-5h5',
  figures: 'M4 20V10M10 20V4M16 20v-8M21 20H3',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  panel: 'M4 5h16v14H4zM14.5 5v14',
  menu: 'M5 12h.01M12 12h.01M19 12h.01',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-3.6 3.6-6 7.5-6s6.9 2.4 7.5 6',
} as const

/** The name of a drawing. */
export type IconName = keyof typeof paths

const svg = 'http://www.w3.org/2000/svg'

/** A drawing in the colour of the text around it. Screen readers pass over it. */
export const icon = (name: IconName): SVGSVGElement => {
  const created = document.createElementNS(svg, 'svg')
  created.setAttribute('viewBox', '0 0 24 24')
  created.setAttribute('aria-hidden', 'true')
  created.classList.add('icon')
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d', paths[name])
  created.append(path)
  return created
}
