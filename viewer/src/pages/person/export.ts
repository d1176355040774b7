import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'

const formats = { csv: 'CSV', json: 'JSON', parquet: 'Parquet' } as const

const safe = (name: string): string => name.replace(/[^\p{L}\p{N}_.-]+/gu, '-').slice(0, 60) || 'person'

/** Buttons that save the visits of a person as a file. `personOf` is the person that is shown. */
export const exportButtons = ({ api, site, say }: PageContext, personOf: () => string): HTMLElement => {
  const save = async (format: keyof typeof formats): Promise<void> => {
    const person = personOf()
    try {
      const file = await api.blob(`/api/sightings?format=${format}&person=${encodeURIComponent(person)}`)
      const address = URL.createObjectURL(file)
      const link = element('a', { href: address, download: `visits-${safe(site.nameOf(person))}.${format}` })
      // Some browsers take the name only of a link that is in the document.
      link.hidden = true
      document.body.append(link)
      link.click()
      link.remove()
      setTimeout(() => URL.revokeObjectURL(address), 60_000)
    } catch (error) {
      say((error as Error).message, { bad: true })
    }
  }
  const each = Object.entries(formats).map(([format, words]) =>
    button(words, () => void save(format as keyof typeof formats), { 'aria-label': `Save the visits as ${words}` }),
  )
  return element('div', { class: 'actions' }, ...each)
}
