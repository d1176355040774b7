/** A part of a report. */
export interface Section {
  readonly title: string
  /** One sentence that says how to read it. */
  readonly note: string
  /** HTML, already escaped. */
  readonly body: string
}

/** Text as HTML, safe in elements and in quoted attributes. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Text or a number; both are escaped. */
export type Cell = string | number

/** An HTML table. The first column names the row; the others are aligned right. */
export const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const cell = (value: Cell, i: number): string =>
    i === 0 ? `<th scope="row">${escaped(`${value}`)}</th>` : `<td>${escaped(`${value}`)}</td>`
  const top = head.map((text) => `<th scope="col">${escaped(text)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')
  return `<div class="wide"><table><thead><tr>${top}</tr></thead><tbody>\n${body}\n</tbody></table></div>`
}

/** A figure that the top of the page shows in large type. */
export interface Headline {
  readonly label: string
  readonly value: string
}

const style = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #667085; --line: #d9dee8; --ground: #ffffff; --panel: #f6f7fa; --own: #1769d2; --other: #d9652b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --soft: #9aa4b8; --line: #343c4d; --ground: #12161f; --panel: #1a202c; --own: #6aa9ff; --other: #ff9c66; } }
body { margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 62rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem; }
p { margin: .25rem 0 1rem; color: var(--soft); max-width: 46rem; }
.headlines { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0; }
.headlines div { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: .7rem 1rem; min-width: 8rem; }
.headlines b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; } .headlines span { color: var(--soft); font-size: .85rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; font-weight: 500; } thead th { color: var(--soft); font-weight: 500; font-size: .85rem; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.axis { stroke: var(--line); } .own { stroke: var(--own); } .other { stroke: var(--other); } .own-fill { fill: var(--own); fill-opacity: .55; } .other-fill { fill: var(--other); fill-opacity: .55; }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
`

/** A whole report: self-contained HTML without scripts, for light and dark screens. */
export const page = (
  title: string,
  about: string,
  headlines: readonly Headline[],
  sections: readonly Section[],
): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(about)}</p>
<div class="headlines">${headlines
    .map(({ label, value }) => `<div><b>${escaped(value)}</b><span>${escaped(label)}</span></div>`)
    .join('')}</div>
${sections
  .map(
    ({ title: name, note, body }) =>
      `<section>\n<h2>${escaped(name)}</h2>\n<p>${escaped(note)}</p>\n${body}\n</section>`,
  )
  .join('\n')}
<footer>Made by Rollcall. docs/evaluation.md and docs/photos.md say what each number means.</footer>
</body>
</html>
`
