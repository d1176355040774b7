import { emptyRoom, type Photo, portraitOf } from './photos.ts'
import { filled, phone, press, type Shot, type Stage, whenFilled } from './shot.ts'

const chooseFiles = ({ page }: Stage, ...photos: readonly Photo[]): Promise<void> =>
  page
    .getByRole('dialog')
    .locator('input[type=file]')
    .setInputFiles([...photos])

const find = (photo: () => Promise<Photo>, said: RegExp) => async (stage: Stage) => {
  await filled(stage, '.person-card')
  await press(stage.page, 'Who is this?')
  await chooseFiles(stage, await photo())
  await stage.page.getByRole('dialog').getByText(said).waitFor({ timeout: 30_000 })
  await stage.page.locator('.found').waitFor()
}

/** The pictures of the pages of people, and of what photos are for. */
export const peopleShots: readonly Shot[] = [
  { name: 'people', of: 'still', path: '/people', prepare: whenFilled('.person-card img') },
  { name: 'people-light', of: 'still', path: '/people', theme: 'light', prepare: whenFilled('.person-card img') },
  { name: 'person', of: 'still', path: '/people/{ada}', height: 1000, prepare: whenFilled('.photos img') },
  { name: 'person-phone', of: 'still', path: '/people/{ada}', ...phone, prepare: whenFilled('.photos img') },
  {
    name: 'find',
    of: 'still',
    path: '/people',
    prepare: find(() => portraitOf('hana', 'cafe', 366), /one face/),
  },
  {
    name: 'enrol',
    of: 'still',
    path: '/people',
    prepare: async (stage) => {
      await filled(stage, '.person-card')
      await press(stage.page, 'Enrol')
      const dialog = stage.page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Eli Novak')
      await chooseFiles(
        stage,
        await portraitOf('eli', 'cafe', 320),
        await portraitOf('eli', 'cafe', 300, 9),
        await emptyRoom(),
      )
      await press(dialog, 'Enrol')
      await dialog.getByText(/is enrolled with/).waitFor({ timeout: 30_000 })
    },
  },
]
